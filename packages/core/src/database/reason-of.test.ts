import { describe, expect, it } from 'vitest'
import { reasonOf } from './reason-of.ts'

describe('reasonOf', () => {
  it.each([
    [new Error('It broke.'), 'It broke'],
    [new Error('It broke'), 'It broke'],
    ['odd', 'odd'],
    [undefined, 'undefined'],
    [new AggregateError([new Error('connect ::1'), 'connect 127.0.0.1']), 'connect ::1, connect 127.0.0.1'],
    [new AggregateError([new Error('one')], 'Its own words.'), 'Its own words'],
  ])('%s', (error, reason) => expect(reasonOf(error)).toBe(reason))
})
