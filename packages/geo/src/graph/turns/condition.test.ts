import { describe, expect, it } from 'vitest'
import { civilTime, conditionHolds } from './condition.ts'

/** 2026-11-23 is a Monday. */
const monday = '2026-11-23T08:00'
const sunday = '2026-11-22T23:30'

describe('conditionHolds', () => {
  it.each([
    ['Mo-Fr', true, false],
    ['Sa,Su', false, true],
    ['Fr-Mo', true, true],
    ['07:00-09:00', true, false],
    ['(Mo-Fr 07:00-09:00)', true, false],
    ['Mo-Fr 07:00-08:00', false, false],
    ['Mo-Fr 7:30-8:01, 16:00-18:00', true, false],
    ['22:00-06:00', false, true],
    ['Sa 22:00-06:00', false, false],
    ['Su 22:00-06:00; Mo 08:00-09:00', true, true],
    ['00:00-24:00', true, true],
    ['wet', true, true],
    ['PH', true, true],
    ['weight>7.5', true, true],
    ['Mo-Xx 07:00-09:00', true, true],
    ['', true, true],
  ])('%s on Monday at eight: %s, on Sunday before midnight: %s', (condition, onMonday, onSunday) => {
    expect([conditionHolds(condition, monday), conditionHolds(condition, sunday)]).toEqual([onMonday, onSunday])
  })

  it('spans midnight into the day after', () => {
    expect(conditionHolds('Su 22:00-06:00', '2026-11-23T05:59')).toBe(true)
    expect(conditionHolds('Su 22:00-06:00', '2026-11-23T06:00')).toBe(false)
    expect(conditionHolds('Mo 22:00-06:00', '2026-11-23T05:59')).toBe(false)
  })

  it('holds at any time when none is given', () => {
    expect(conditionHolds('Mo-Fr 07:00-09:00', undefined)).toBe(true)
  })
})

describe('civilTime', () => {
  it.each([
    ['2026-11-23T08:05', { weekday: 1, minute: 485 }],
    ['2024-02-29T23:59:59', { weekday: 4, minute: 1_439 }],
    ['2026-11-23', undefined],
    ['2026-13-01T00:00', undefined],
    ['2026-11-23T24:00', undefined],
    ['2026-11-23T10:60', undefined],
    ['2026-11-23T08:05Z', undefined],
  ])('%s', (text, expected) => {
    expect(civilTime(text)).toEqual(expected)
  })
})
