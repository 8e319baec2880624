import { Cid } from '../codec/index.ts'
import { loadNode, type BlockSource, type KeyRange, type MstNode, type Subtree } from './mst-node.ts'

/** One path at which two trees differ. */
export type MstChange =
  | { readonly action: 'create'; readonly path: string; readonly cid: Cid }
  | { readonly action: 'update'; readonly path: string; readonly cid: Cid; readonly prev: Cid }
  | { readonly action: 'delete'; readonly path: string; readonly prev: Cid }

/** A tree to compare. */
export interface MstSide {
  readonly source: BlockSource
  /** undefined for a tree without records. */
  readonly root: Cid | undefined
}

/**
 * Yields what changed from one tree to another, in the order of paths. Subtrees with the same CID are passed over unread, so
 * the time depends on the changes and not on the size.
 *
 * @throws `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_MST_INVALID`
 * @example
 * ```ts
 * import { cidOf, encodeCbor } from '@exprsn/atproto/codec'
 * import { buildMst, diffMst } from '@exprsn/atproto/repo'
 *
 * const side = (...texts: string[]) => {
 *   const tree = buildMst(texts.map((text) => [`com.example.note/${text}`, cidOf('dag-cbor', encodeCbor({ text }))]))
 *   const blocks = new Map(tree.blocks.map(({ cid, bytes }) => [String(cid), bytes]))
 *   return { root: tree.root, source: { get: (cid: unknown) => blocks.get(String(cid)) } }
 * }
 * for (const change of diffMst(side('a', 'b'), side('b', 'c'))) console.log(change.action, change.path)
 * // delete com.example.note/a
 * // create com.example.note/c
 * ```
 */
export function* diffMst(before: MstSide, after: MstSide): Generator<MstChange, void, undefined> {
  const old = new Cursor(before)
  const now = new Cursor(after)
  for (;;) {
    if (old.tree !== undefined && now.tree !== undefined) {
      if (old.tree.cid.equals(now.tree.cid)) {
        old.skip()
        now.skip()
      } else {
        // The higher one first: the other may be one of its subtrees.
        const difference = old.tree.layer - now.tree.layer
        if (difference >= 0) old.enter()
        if (difference <= 0) now.enter()
      }
    } else if (old.tree !== undefined) old.enter()
    else if (now.tree !== undefined) now.enter()
    else if (old.key === undefined && now.key === undefined) return
    else yield* compareEntries(old, now)
  }
}

function* compareEntries(old: Cursor, now: Cursor): Generator<MstChange, void, undefined> {
  const isBefore = now.key === undefined || (old.key !== undefined && old.key < now.key)
  if (isBefore) {
    yield { action: 'delete', path: old.key!, prev: old.record! }
    old.skip()
    return
  }
  const path = now.key!
  const cid = now.record!
  if (old.key === path) {
    if (!cid.equals(old.record)) yield { action: 'update', path, cid, prev: old.record! }
    old.skip()
  } else yield { action: 'create', path, cid }
  now.skip()
}

interface Position {
  readonly node: MstNode
  readonly range: KeyRange
  /** Even numbers are subtrees, odd numbers entries. */
  at: number
}

/** Stands in front of a subtree, on an entry, or at the end. */
class Cursor {
  readonly #source: BlockSource
  readonly #stack: Position[] = []
  tree: { readonly cid: Cid; readonly layer: number } | undefined
  key: string | undefined
  record: Cid | undefined

  constructor({ source, root }: MstSide) {
    this.#source = source
    if (root === undefined) return
    const node = loadNode(source, root, undefined, { after: undefined, before: undefined })
    // As the one child of a position that has nothing else.
    const holder = { layer: node.layer + 1, keys: [], records: [], trees: [root], cid: undefined }
    this.#stack.push({ node: holder, range: { after: undefined, before: undefined }, at: 0 })
    this.#settle()
  }

  /** Goes past the subtree or entry. */
  skip(): void {
    this.#stack.at(-1)!.at++
    this.#settle()
  }

  /** Goes into the subtree. */
  enter(): void {
    const { node, range, at } = this.#stack.at(-1)!
    const index = at >> 1
    const within: KeyRange = {
      after: index > 0 ? node.keys[index - 1] : range.after,
      before: index < node.keys.length ? node.keys[index] : range.before,
    }
    const isRoot = this.#stack.length === 1
    const child = loadNode(this.#source, this.tree!.cid, isRoot ? undefined : node.layer - 1, within)
    this.#stack.at(-1)!.at++
    this.#stack.push({ node: child, range: within, at: 0 })
    this.#settle()
  }

  #settle(): void {
    this.tree = undefined
    this.key = undefined
    this.record = undefined
    for (;;) {
      const top = this.#stack.at(-1)
      if (top === undefined) return
      const { node, at } = top
      const index = at >> 1
      if (at > node.keys.length * 2) this.#stack.pop()
      else if (at % 2 === 1) {
        this.key = node.keys[index]
        this.record = node.records[index]
        return
      } else if (this.#isTree(node.trees[index]!, node)) return
      else top.at++
    }
  }

  #isTree(tree: Subtree, node: MstNode): boolean {
    if (!(tree instanceof Cid)) return false
    this.tree = { cid: tree, layer: node.layer - 1 }
    return true
  }
}
