import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { durationSetting } from './duration-schema.ts'

describe('durationSetting', () => {
  const schema = durationSetting(z.union([z.string(), z.number()]))

  it.each([
    ['30s', 30_000],
    ['250', 250],
    ['1.5', 1.5],
    [250, 250],
    ['2h', 7_200_000],
  ])('gives %j as %i milliseconds', (input, expected) => {
    const output = schema.parse(input)
    expectTypeOf(output).toBeNumber()
    expect(output).toBe(expected)
  })

  it.each(['', 'soon', '-5', '5 m', -1])('refuses %j in words', (input) => {
    expect(schema.safeParse(input).error?.issues).toEqual([
      expect.objectContaining({ message: expect.stringContaining("such as '250ms'") }),
    ])
  })

  it('takes a default in the form that people write', () => {
    expect(durationSetting(z.string()).prefault('5m').parse(undefined)).toBe(300_000)
  })
})
