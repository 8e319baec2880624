import { describe, expect, it } from 'vitest'
import { decodeReferences, decodeTree } from './decode-tree.ts'

const id = 'ab'.repeat(32)
const file = { name: 'a', type: 'file', mode: 420, content: [id], size: 1 }

function decode(tree: unknown) {
  return decodeTree(Buffer.from(typeof tree === 'string' ? tree : JSON.stringify(tree)))
}

describe('a tree from its JSON', () => {
  it('may have no nodes, in either way of saying so', () => {
    expect(decode({ nodes: [] })).toEqual([])
    expect(decode({ nodes: null })).toEqual([])
    expect(decode({})).toEqual([])
  })

  it('keeps numbers that JavaScript would round, and only those', () => {
    const [node] = decode(`{"nodes":[{"name":"a","type":"file","inode":18446744073709551615,"device_id":7,"size":1}]}`)
    expect(node).toMatchObject({ inode: 18_446_744_073_709_551_615n, deviceId: 7n, size: 1 })
    expect(() => decode(`{"nodes":[{"name":"a","type":"file","inode":1844674407370955161512345}]}`)).toThrow('inode')
  })

  it('reads attributes with missing parts as empty', () => {
    const [node] = decode({ nodes: [{ ...file, extended_attributes: [{ name: 'user.a', value: 'AQ==' }, {}, 7] }] })
    expect(node!.extendedAttributes).toEqual([
      { name: 'user.a', value: Uint8Array.of(1) },
      { name: '', value: new Uint8Array() },
    ])
  })

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'it is not JSON'],
    ['a list', [], 'it has no list of nodes'],
    ['nodes that are no list', { nodes: 7 }, 'it has no list of nodes'],
    ['a node that is no object', { nodes: [7] }, 'entry 0 is no object'],
    ['a name that is no text', { nodes: [{ ...file, name: 7 }] }, 'a name that no folder can hold'],
    ['an empty name', { nodes: [{ ...file, name: '' }] }, 'a name that no folder can hold'],
    ['a path for a name', { nodes: [{ ...file, name: 'a/b' }] }, 'a name that no folder can hold'],
    ['the folder above', { nodes: [{ ...file, name: '..' }] }, 'a name that no folder can hold'],
    ['an unknown type', { nodes: [{ ...file, type: 'door' }] }, 'the unknown type door'],
    ['a negative size', { nodes: [{ ...file, size: -1 }] }, 'no number in size'],
    ['no time', { nodes: [{ ...file, mtime: 'noon' }] }, 'no time in mtime'],
    ['content that is no id', { nodes: [{ ...file, content: ['x'] }] }, 'no SHA-256'],
    ['a folder without a tree', { nodes: [{ name: 'a', type: 'dir' }] }, 'no SHA-256'],
    ['two entries of one name', { nodes: [file, file] }, 'entry 1 is not sorted'],
  ])('is refused: %s', (_, tree, reason) => {
    expect(() => decode(tree)).toThrow(
      expect.objectContaining({ code: 'BACKUP_TREE_INVALID', message: expect.stringContaining(reason) }),
    )
  })
})

describe('what a tree refers to', () => {
  const references = (tree: unknown) => decodeReferences(Buffer.from(JSON.stringify(tree)))

  it('is what the whole of it says', () => {
    const other = 'cd'.repeat(32)
    const tree = {
      nodes: [
        { ...file, inode: 2 ** 60, content: [id, other] },
        { ...file, name: 'b', content: null },
        { name: 'c', type: 'dir', subtree: other },
        { name: 'd', type: 'symlink', linktarget: 'a' },
      ],
    }
    expect(references(tree)).toEqual(decode(tree).map(({ content, subtree }) => ({ content, subtree })))
    expect(references({})).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['a list', [], 'it has no list of nodes'],
    ['a node that is no object', { nodes: [7] }, 'entry 0 is no object'],
    ['content that is no id', { nodes: [file, { ...file, content: ['x'] }] }, 'entry 1 refers to content'],
    ['a folder without a tree', { nodes: [{ name: 'a', type: 'dir' }] }, 'no SHA-256'],
  ])('is not guessed: %s', (_, tree, reason) => {
    expect(() => references(tree)).toThrow(
      expect.objectContaining({ code: 'BACKUP_TREE_INVALID', message: expect.stringContaining(reason) }),
    )
  })
})
