/** An error's own words without the full stop, to be put into the sentence of another. */
export function reasonOf(error: unknown): string {
  // A refused connection to a name with several addresses has an empty message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ')
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}
