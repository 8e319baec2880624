import { describe, expect, it } from 'vitest'
import { escapeHelp, escapeLabelValue } from './escape.ts'
import { formatBound, formatNumber } from './format-number.ts'
import { chooseTextFormat } from './text-format.ts'

describe('chooseTextFormat', () => {
  it.each([
    [null, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain;version=0.0.4', 'prometheus'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5', 'openmetrics'],
    ['text/plain;q=0.5, Application/OpenMetrics-Text; q=0.8', 'openmetrics'],
    ['application/openmetrics-text;q=0, */*', 'prometheus'],
    ['application/openmetrics-text;q=0.00', 'prometheus'],
    ['application/openmetrics-text-not', 'prometheus'],
  ] as const)('%s → %s', (accept, format) => {
    expect(chooseTextFormat(accept)).toBe(format)
  })
})

describe('escaping', () => {
  it('keeps a value on its line and between its quotes', () => {
    expect(escapeLabelValue('C:\\dir "a"\nnext')).toBe(String.raw`C:\\dir \"a\"\nnext`)
    expect(escapeLabelValue('größe {a="b"}, 😀')).toBe(String.raw`größe {a=\"b\"}, 😀`)
    expect(escapeHelp('a\\b "c"\nd', true)).toBe(String.raw`a\\b \"c\"\nd`)
    expect(escapeHelp('a\\b "c"\nd', false)).toBe(String.raw`a\\b "c"\nd`)
  })
})

describe('numbers', () => {
  it('are written as the formats have them', () => {
    expect([0, 1.5, -2, 1e21, 5e-324, Infinity, -Infinity].map(formatNumber)).toEqual([
      '0',
      '1.5',
      '-2',
      '1e+21',
      '5e-324',
      '+Inf',
      '-Inf',
    ])
    expect([1, 0.5, 1e21, Infinity].map((bound) => formatBound(bound, true))).toEqual(['1.0', '0.5', '1e+21', '+Inf'])
    expect(formatBound(1, false)).toBe('1')
  })
})
