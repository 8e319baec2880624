import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeTree } from './decode-tree.ts'
import { encodeTree, encodeTreeWithin } from './encode-tree.ts'
import { fromGoMode, toGoMode } from './go-mode.ts'
import type { TreeNode } from './tree-node.ts'

const facts = { mode: 0o644, modifiedAt: 0n, accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }
const id = 'ab'.repeat(32)
const json = (nodes: readonly TreeNode[]): string => Buffer.from(encodeTree(nodes)).toString()
const parse = (text: string): TreeNode[] => decodeTree(Buffer.from(text))
const row = (fields: object): string => JSON.stringify({ nodes: [{ name: 'a', type: 'file', ...fields }] })

describe('encodeTree', () => {
  it('writes a file as restic does, in its order of keys', () => {
    const node: TreeNode = {
      ...facts,
      name: 'file <1>',
      type: 'file',
      mode: 0o4755,
      changedAt: 1_500_000_000n,
      user: 'root',
      group: 'root',
      inode: 5n,
      deviceId: 2n,
      size: 3,
      links: 1,
      extendedAttributes: [{ name: 'user.x', value: Uint8Array.of(0, 255) }],
      content: [id],
    }
    expect(json([node])).toBe(
      '{"nodes":[{"name":"file \\u003c1\\u003e","type":"file","mode":8389101,"mtime":"1970-01-01T00:00:00Z",' +
        '"atime":"1970-01-01T00:00:00Z","ctime":"1970-01-01T00:00:01.5Z","uid":0,"gid":0,"user":"root","group":"root",' +
        '"inode":5,"device_id":2,"size":3,"links":1,"extended_attributes":[{"name":"user.x","value":"AP8="}],' +
        `"content":["${id}"]}]}\n`,
    )
  })

  it('leaves out what restic leaves out, and writes null for the content of what is no file', () => {
    const dir: TreeNode = { ...facts, name: 'd', type: 'dir', mode: 0o755, subtree: id }
    const empty: TreeNode = { ...facts, name: 'e', type: 'file', size: 0, content: [] }
    const times = '"mtime":"1970-01-01T00:00:00Z","atime":"1970-01-01T00:00:00Z","ctime":"1970-01-01T00:00:00Z"'
    expect(json([dir, empty])).toBe(
      `{"nodes":[{"name":"d","type":"dir","mode":2147484141,${times},"uid":0,"gid":0,"content":null,"subtree":"${id}"},` +
        `{"name":"e","type":"file","mode":420,${times},"uid":0,"gid":0,"content":[]}]}\n`,
    )
    expect(json([])).toBe('{"nodes":[]}\n')
  })

  it('writes folders of many entries, and refuses those that could not be read back', () => {
    for (const count of [0, 1, 999, 1_000, 1_001, 2_500]) {
      const nodes = Array.from({ length: count }, (_, index): TreeNode => ({
        ...facts,
        name: String(index).padStart(5, '0'),
        type: 'file',
        content: [],
      }))
      expect(parse(json(nodes)).map(({ name }) => name)).toEqual(nodes.map(({ name }) => name))
      const { length } = encodeTree(nodes)
      expect(encodeTreeWithin(nodes, length).length).toBe(length)
      if (count > 0)
        expect(() => encodeTreeWithin(nodes, length - 100)).toThrow(
          expect.objectContaining({ code: 'BACKUP_TREE_TOO_LARGE', status: 413 }),
        )
    }
  })

  it('sorts by the bytes of names', () => {
    const names = ['b', '\u{1f600}', '\uffee', 'B', Uint8Array.of(0xff), 'ä']
    const nodes = names.map((name): TreeNode => ({ ...facts, name, type: 'fifo' }))
    expect(decodeTree(encodeTree(nodes)).map(({ name }) => name)).toEqual([
      'B',
      'b',
      'ä',
      '\uffee',
      '\u{1f600}',
      Uint8Array.of(0xff),
    ])
  })

  it('keeps a link target that is not UTF-8 beside the text that restic 0.14 keeps', () => {
    const linkTarget = Uint8Array.of(0x62, 0xff)
    const nodes: TreeNode[] = [{ ...facts, name: 'l', type: 'symlink', linkTarget }]
    expect(json(nodes)).toContain(String.raw`"linktarget":"b\ufffd","linktarget_raw":"Yv8="`)
    expect(decodeTree(encodeTree(nodes))[0]!.linkTarget).toEqual(linkTarget)
  })
})

describe('modes', () => {
  it('go to Go and back with their special bits', () => {
    const types = ['file', 'dir', 'symlink', 'dev', 'chardev', 'fifo', 'socket', 'irregular'] as const
    for (const type of types)
      for (let mode = 0; mode <= 0o7777; mode++) expect(fromGoMode(toGoMode(type, mode))).toBe(mode)
    expect(toGoMode('chardev', 0)).toBe(2 ** 26 + 2 ** 21)
  })
})

const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => text.replaceAll(/[/\0]/g, '_')),
    fc
      .uint8Array({ minLength: 1, maxLength: 8 })
      .map((bytes) => bytes.map((byte) => (byte === 0 || byte === 47 ? 255 : byte))),
  )
  .filter((each) => !['.', '..'].includes(Buffer.from(each as string).toString()))
const node: fc.Arbitrary<TreeNode> = fc.record({
  name,
  type: fc.constant('file' as const),
  mode: fc.nat(0o7777),
  modifiedAt: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 63n }),
  accessedAt: fc.bigInt({ min: 0n, max: 2n ** 60n }),
  changedAt: fc.bigInt({ min: 0n, max: 2n ** 60n }),
  userId: fc.nat(),
  groupId: fc.nat(),
  user: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  inode: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
  size: fc.maxSafeNat(),
  content: fc.array(fc.constant(id), { maxLength: 3 }),
})

describe('decodeTree', () => {
  it('gives back what was encoded, inodes of 64 bits and times in nanoseconds included', () => {
    fc.assert(
      fc.property(fc.array(node, { maxLength: 5 }), (nodes) => {
        const unique = new Map(nodes.map((each) => [Buffer.from(each.name as string).toString('hex'), each]))
        const bytes = encodeTree([...unique.values()])
        const decoded = decodeTree(bytes)
        expect(decoded).toHaveLength(unique.size)
        expect(Buffer.from(encodeTree(decoded)).equals(bytes)).toBe(true)
        for (const each of decoded) {
          const original = unique.get(Buffer.from(each.name as string).toString('hex'))!
          expect(each).toMatchObject({ inode: original.inode, modifiedAt: original.modifiedAt, size: original.size })
        }
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['no JSON', '{'],
    ['no nodes', '{"nodes":3}'],
    ['a list', '[]'],
    ['a node that is no object', '{"nodes":[3]}'],
    ['a name with a slash', row({ name: 'a/b' })],
    ['the name ..', row({ name: '..' })],
    ['the name .', row({ name: '.' })],
    ['an empty name', row({ name: '' })],
    ['a name with a null byte', row({ name: String.raw`a\x00` })],
    ['a name that is no quotation', row({ name: String.raw`\q` })],
    ['an unknown type', row({ type: 'door' })],
    ['a negative size', row({ size: -1 })],
    ['a fraction', row({ uid: 1.5 })],
    ['no time', row({ mtime: 'soon' })],
    ['content that is no hash', row({ content: ['abc'] })],
    ['content of another kind', row({ content: 'abc' })],
    ['a folder without a tree', row({ type: 'dir' })],
    ['names out of order', '{"nodes":[{"name":"b","type":"fifo"},{"name":"a","type":"fifo"}]}'],
    ['the same name twice', '{"nodes":[{"name":"a","type":"fifo"},{"name":"a","type":"fifo"}]}'],
  ])('refuses %s', (_what, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'BACKUP_TREE_INVALID' }))
  })

  it('reads over what it does not know', () => {
    const [read] = parse(row({ generic_attributes: { a: 1 }, later: true, content: null }))
    expect(read).toMatchObject({ name: 'a', content: [], size: 0 })
  })
})
