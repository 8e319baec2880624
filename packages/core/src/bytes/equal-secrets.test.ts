import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalSecrets } from './equal-secrets.ts'

it('texts are equal to themselves and to no other, of whatever length', () => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(equalSecrets(left, left)).toBe(true)
      expect(equalSecrets(left, right)).toBe(left === right)
      expect(equalSecrets(left, `${left}x`)).toBe(false)
    }),
    { numRuns: 200 },
  )
})
