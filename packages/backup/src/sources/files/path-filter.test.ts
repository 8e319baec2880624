import { describe, expect, it } from 'vitest'
import { pathFilter } from './path-filter.ts'

const excluded = (pattern: string, path: string) => pathFilter([pattern])(path, path.slice(path.lastIndexOf('/') + 1))

describe('pathFilter', () => {
  it.each([
    ['*.tmp', '/srv/a/x.tmp', true],
    ['*.tmp', '/srv/a/x.tmpl', false],
    ['node_modules', '/srv/a/node_modules', true],
    ['node_modules', '/srv/a/my_node_modules', false],
    ['node_modules/', '/srv/node_modules', true],
    ['a?c', '/srv/abc', true],
    ['a?c', '/srv/ac', false],
    ['/srv/cache/**', '/srv/cache/deep/file', true],
    ['/srv/cache/**', '/srv/cache', false],
    ['/srv/*/file', '/srv/one/file', true],
    ['/srv/*/file', '/srv/one/two/file', false],
    ['/srv/**/file', '/srv/one/two/file', true],
    ['/srv/**/file', '/srv/file', true],
    ['logs/*.gz', '/srv/app/logs/1.gz', true],
    ['logs/*.gz', '/srv/app/mylogs/1.gz', false],
    ['a+b(c).txt', '/srv/a+b(c).txt', true],
    ['[x]', '/srv/x', false],
    ['*', '/srv/two\nlines', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(excluded(pattern, path)).toBe(expected)
  })

  it('leaves nothing out without patterns, and refuses empty ones', () => {
    expect(pathFilter([])('/srv', 'srv')).toBe(false)
    expect(() => pathFilter(['/'])).toThrow(expect.objectContaining({ code: 'BACKUP_FILES_OPTION_INVALID' }))
  })
})
