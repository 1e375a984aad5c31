export interface Registry {
  /**
   * The files of the model an alias stands for, by name.
   * Throws NotNowError `model_unavailable` when there is no such model or it cannot be read,
   * RefusedError 422 `invalid_alias` on a name no model can have.
   */
  load(alias: string): Promise<Map<string, Buffer>>
}
