import { expect, it } from 'vitest'
import { goJsonString } from './go-json.ts'

it.each([
  ['plain', '"plain"'],
  ['a\nb\rc\td', '"a\\nb\\rc\\td"'],
  ['"\\', '"\\"\\\\"'],
  ['<&>', '"\\u003c\\u0026\\u003e"'],
  ['\b\f\u0000', '"\\u0008\\u000c\\u0000"'],
  ['\u2028\u2029', '"\\u2028\\u2029"'],
  ['\ud800x', '"\ufffdx"'],
  ['ä😀', '"ä😀"'],
])('writes %j as Go does', (text, json) => {
  expect(goJsonString(text)).toBe(json)
  if (!text.includes('\ud800')) expect(JSON.parse(json)).toBe(text)
})
