import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inclusionPath, leafHash, MerkleFrontier, rootFromPath } from './merkle.ts'

const leaves = Array.from({ length: 33 }, (_, index) => leafHash(`leaf ${index}`))

/** RFC 9162 §2.1.1 as it stands there. */
function reference(list: readonly Uint8Array[]): Buffer {
  if (list.length === 0) return createHash('sha256').digest()
  if (list.length === 1) return Buffer.from(list[0]!)
  let border = 1
  while (border * 2 < list.length) border *= 2
  const [left, right] = [reference(list.slice(0, border)), reference(list.slice(border))]
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest()
}

describe('the Merkle tree', () => {
  it('has the root of RFC 9162 at every size', () => {
    const frontier = new MerkleFrontier()
    for (let size = 0; size <= leaves.length; size++) {
      expect(frontier.root()).toEqual(reference(leaves.slice(0, size)))
      if (size < leaves.length) frontier.add(leaves[size]!)
    }
  })

  it('leads from every leaf of every size to the root, and from no other place', () => {
    for (let size = 1; size <= leaves.length; size++) {
      const list = leaves.slice(0, size)
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(list, index)
        expect(rootFromPath(list[index]!, index, size, path)).toEqual(reference(list))
        const wrong = rootFromPath(leafHash('other'), index, size, path)
        expect(wrong).not.toEqual(reference(list))
        expect(rootFromPath(list[index]!, index, size, [...path, leaves[0]!])).toBeUndefined()
      }
    }
  })
})
