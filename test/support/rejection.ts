/** What a promise is rejected with; an Error of its own where it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (thrown) {
    return thrown
  }
  return new Error('nothing was thrown')
}
