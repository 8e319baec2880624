import { describe, expect, it } from 'vitest'
import { onlyWord } from './only-word.ts'
import { wholeNumber } from './whole-number.ts'

describe('wholeNumber', () => {
  it.each([
    ['0', 0, 0],
    ['12', 1, 12],
    [' 7 ', 0, 7],
  ])('reads %j', (text, minimum, value) => {
    expect(wholeNumber('seeds', text, minimum)).toBe(value)
  })

  it.each(['', ' ', '-1', '1.5', 'x', '1e99', '0x', 'NaN'])('refuses %j', (text) => {
    expect(() => wholeNumber('seeds', text)).toThrow('--seeds must be a whole number of at least 0')
  })

  it('refuses what is below the minimum', () => {
    expect(() => wholeNumber('seeds', '0', 1)).toThrow('--seeds must be a whole number of at least 1, not "0".')
  })
})

describe('onlyWord', () => {
  it('gives the word, or undefined without one', () => {
    expect(onlyWord(['core'])).toBe('core')
    expect(onlyWord([])).toBeUndefined()
  })

  it('refuses a second one', () => {
    expect(() => onlyWord(['core', 'backup'])).toThrow("Unexpected argument 'backup'.")
  })
})
