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
    [['/srv/data'], { '/': '/home', '/srv': '/srv', '/srv/data': '/srv/data *' }],
    [['./uploads'], { '/': '/home', '/uploads': '/home/uploads *' }],
    [['a/b/'], { '/': '/home', '/a': '/home/a', '/a/b': '/home/a/b *' }],
    [['../other'], { '/': '/home', '/other': '/other *' }],
    [['.'], { '/': '/home *' }],
    [['/'], { '/': '/ *' }],
    [['/a/../b'], { '/': '/home', '/b': '/b *' }],
    [['/srv/a', '/srv/b'], { '/': '/home', '/srv': '/srv', '/srv/a': '/srv/a *', '/srv/b': '/srv/b *' }],
  ])('%j', (paths, expected) => {
    expect(flat(selectionOf(paths, '/home'))).toEqual(expected)
  })
})
