/** How `npm start` ends; printed by --help. */
export const exitCodes = { broken: 1, usage: 2, portTaken: 3, folderInUse: 4 } as const
