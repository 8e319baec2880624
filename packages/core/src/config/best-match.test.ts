import { describe, expect, it } from 'vitest'
import { bestMatch } from './best-match.ts'

describe('bestMatch', () => {
  it.each([
    ['prot', ['host', 'port'], 'port'],
    ['APP_DATABASE_URL', ['APP_DATABASE__URL', 'APP_CACHE__URL'], 'APP_DATABASE__URL'],
    ['Timeout', ['timeout'], 'timeout'],
    ['maxConections', ['minConnections', 'maxConnections'], 'maxConnections'],
    ['colour', ['host', 'port'], undefined],
    ['x', [], undefined],
    ['ab', ['xy'], undefined],
  ])('%s among %j is %s', (name, candidates, expected) => {
    expect(bestMatch(name, candidates)).toBe(expected)
  })
})
