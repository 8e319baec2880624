import { describe, expect, it } from 'vitest'
import { decodeSnapshot, encodeSnapshot } from './snapshot-json.ts'

const tree = 'cd'.repeat(32)
const time = '2026-01-05T08:00:00.123456789Z'

function decode(row: unknown) {
  return decodeSnapshot('id', Buffer.from(typeof row === 'string' ? row : JSON.stringify(row)))
}

describe('a snapshot from its JSON', () => {
  it('needs a time and a tree; everything else may be missing or odd', () => {
    const bare = decode({ time, tree })
    expect(bare).toMatchObject({ id: 'id', tree, paths: [], hostname: '', username: '', tags: [], problems: [] })
    expect(bare).toMatchObject({ problemCount: 0, summary: undefined, source: undefined, parent: undefined })
    expect(bare.time).toEqual(new Date('2026-01-05T08:00:00.123Z'))
    const odd = {
      paths: 7,
      tags: ['a', 7],
      exprsn: { problems: 7, problemCount: 'x', summary: [], omitted: ['xattrs'] },
    }
    expect(decode({ time, tree, ...odd })).toMatchObject({ paths: [], tags: ['a'], problems: [], omitted: ['xattrs'] })
  })

  it('is what was written', () => {
    const snapshot = decode({
      time,
      tree,
      paths: ['/a'],
      tags: ['b'],
      excludes: ['*.tmp'],
      exprsn: { problemCount: 2 },
    })
    const { id: _, ...rest } = snapshot
    expect(decodeSnapshot('id', encodeSnapshot(rest))).toEqual(snapshot)
  })

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'it is no JSON object'],
    ['a list', [], 'it is no JSON object'],
    ['nothing', 'null', 'it is no JSON object'],
    ['no time', { tree }, 'it has no time'],
    ['no tree', { time }, 'it has no tree'],
    ['a tree that is no id', { time, tree: 'x' }, 'it has no tree'],
  ])('is refused: %s', (_, row, reason) => {
    expect(() => decode(row)).toThrow(
      expect.objectContaining({ code: 'BACKUP_OBJECT_CORRUPT', message: expect.stringContaining(reason) }),
    )
  })
})
