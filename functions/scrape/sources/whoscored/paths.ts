/** The slug that the site adds to its links is decoration; the number alone leads to the page. */
export function matchUrl(baseUrl: string, matchId: number): string {
  return new URL(`/matches/${matchId}/live`, baseUrl).href
}

export function previewUrl(baseUrl: string, matchId: number): string {
  return new URL(`/matches/${matchId}/preview`, baseUrl).href
}

/** The path says tournaments, the number is that of the STAGE; without `d` the answer is empty. */
export function feedMonthUrl(baseUrl: string, stageId: number, month: string): string {
  return new URL(`/tournaments/${stageId}/data/?d=${month}`, baseUrl).href
}
