const shortest = 6

/**
 * References within free text: runs of letters, digits, `_` and `-` that have a digit and six characters or more, in capitals
 * and without `_` and `-`, since banks drop and change them.
 */
export function referenceTokens(...texts: readonly (string | undefined)[]): string[] {
  const tokens = new Set<string>()
  for (const text of texts)
    for (const [run] of (text ?? '').toUpperCase().matchAll(/[A-Z0-9][A-Z0-9_-]*/g)) {
      const token = run.replaceAll(/[_-]/g, '')
      if (token.length >= shortest && /\d/.test(token)) tokens.add(token)
    }
  return [...tokens].toSorted()
}
