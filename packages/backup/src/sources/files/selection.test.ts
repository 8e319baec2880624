import { describe, expect, it } from 'vitest'
import { selectionOf, type Selection } from './selection.ts'

/** Path in the tree → path on the disk, with a star where everything is meant. */
function flat(selection: Selection, prefix = ''): Record<string, string> {
  const rows = { [prefix || '/']: selection.path + (selection.whole ? ' *' : '') }
  for (const [name, child] of selection.children) Object.assign(rows, flat(child, `${prefix}/${name}`))
  return rows
}

describe('selectionOf', () => {
  it.each([
    [['/srv/data'], { '/': '/base', '/srv': '/srv', '/srv/data': '/srv/data *' }],
    [['./uploads'], { '/': '/base', '/uploads': '/base/uploads *' }],
    [['a/b/'], { '/': '/base', '/a': '/base/a', '/a/b': '/base/a/b *' }],
    [['../other'], { '/': '/base', '/other': '/other *' }],
    [['.'], { '/': '/base *' }],
    [['/'], { '/': '/ *' }],
    [['/a/../b'], { '/': '/base', '/b': '/b *' }],
    [['/srv/a', '/srv/b'], { '/': '/base', '/srv': '/srv', '/srv/a': '/srv/a *', '/srv/b': '/srv/b *' }],
  ])('%j', (paths, expected) => {
    expect(flat(selectionOf(paths, '/base'))).toEqual(expected)
  })
})
