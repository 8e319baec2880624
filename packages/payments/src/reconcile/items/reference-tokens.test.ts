import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceTokens } from './reference-tokens.ts'

/** What it is, said with a regular expression. */
function plain(...texts: readonly (string | undefined)[]): string[] {
  const tokens = new Set<string>()
  for (const text of texts)
    for (const [run] of (text ?? '').toUpperCase().matchAll(/[A-Z0-9][A-Z0-9_-]*/g)) {
      const token = run.replaceAll(/[_-]/g, '')
      if (token.length >= 6 && /\d/.test(token)) tokens.add(token)
    }
  return [...tokens].toSorted()
}

describe('references in a text', () => {
  it('are those that the regular expression finds, in any text', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', '_', '-', ' ', 'ß', 'ı', 'é', '/'), maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    )
    fc.assert(
      fc.property(fc.array(fc.option(text, { nil: undefined }), { maxLength: 3 }), (texts) => {
        expect(referenceTokens(...texts)).toEqual(plain(...texts))
      }),
      { numRuns: 1_000 },
    )
  })

  it('have a digit, six characters, and neither dashes nor small letters', () => {
    expect(referenceTokens('Order ord-2026-17, STRIPE po_1a2b3c', 'short1')).toEqual([
      'ORD202617',
      'PO1A2B3C',
      'SHORT1',
    ])
    expect(referenceTokens('ABCDEFG', '12345', '__--', undefined)).toEqual([])
  })
})
