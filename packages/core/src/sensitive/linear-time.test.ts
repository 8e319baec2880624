import { describe, expect, it } from 'vitest'
import { createScanner } from './create-scanner.ts'

const scanner = createScanner()
const size = 100_000

/** Texts made against scanners: every one of them is all triggers, or one candidate that never ends. */
const hostile = [
  '4',
  '4111 ',
  '4111111111111111 ',
  '@',
  'a@',
  'a.',
  'a@a.',
  ':',
  '::',
  'a:',
  '1:',
  '://',
  'a://b:',
  'a://@',
  '=',
  'token=',
  'token:',
  'token: a1',
  'password="',
  "password: '\\",
  '+',
  '+1',
  '+1 ',
  '+49(',
  '-----',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN A A A PRIVATE KEY',
  'eyJ',
  'eyJ.',
  'eyJhbGciOiJIUzI1NiJ9.',
  'eyJhbGciOiJIUzI1NiJ9.a-',
  'xoxb-',
  'ghp_',
  'sk_live_aaaaaaaaaaaaaaaa',
  'SG.aaaaaaaaaaaaaaaaaaaaaa.',
  'DE89 ',
  'DE8937040044053201300 ',
  '1.',
  '1.1.1.',
  'xn--',
  'Bearer token: ',
]

describe('the time of a scan', () => {
  // Work is counted by the characters that are looked at, which no other load on the machine can change.
  it.each(hostile)('grows with the length alone for %j', (unit) => {
    const [small, large] = [size / 10, size].map((length) => lookedAt(unit.repeat(length / unit.length)))
    expect(large! / small!).toBeLessThan(11.5)
    expect(large! / size).toBeLessThan(700)
  })
})

/** Scans with a `charCodeAt` that counts. */
function lookedAt(text: string): number {
  const prototype = String.prototype
  const original = prototype.charCodeAt
  let count = 0
  prototype.charCodeAt = function counting(this: string, index: number): number {
    count++
    return original.call(this, index)
  }
  try {
    scanner.scan(text)
  } finally {
    prototype.charCodeAt = original
  }
  return count
}
