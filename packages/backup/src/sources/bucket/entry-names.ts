import type { TreeNode } from '../../repository/index.ts'
import { encodeFacts, factsOf } from './object-facts.ts'

/**
 * Gives the entries of a folder names of their own. A bucket may hold `a`, `a/b` and past versions of `a`, a folder may not: the
 * folder keeps the name, else the latest version; the others go by another and remember their own.
 */
export function apart(nodes: readonly TreeNode[]): TreeNode[] {
  const folders = new Set(nodes.filter(({ type }) => type === 'dir').map(({ name }) => name))
  const isPlain = (node: TreeNode): boolean => node.type === 'dir' || (isPresent(node) && !folders.has(ownName(node)))
  if (nodes.every(isPlain)) return [...nodes]
  const taken = new Set(nodes.filter(isPlain).map(({ name }) => String(name)))
  return nodes.map((node) => {
    if (isPlain(node)) return node
    let name = otherName(node)
    while (taken.has(name)) name += '_'
    taken.add(name)
    return { ...node, name, extendedAttributes: encodeFacts({ ...factsOf(node)!, name: ownName(node) }) }
  })
}

/** The last part of the key that an entry stands for. */
export function ownName(node: TreeNode): string {
  return factsOf(node)?.name ?? String(node.name)
}

/** Whether an object is what its key gave when the snapshot was made. */
export function isPresent(node: TreeNode): boolean {
  return (factsOf(node)?.version?.age ?? 0) === 0 && !isMark(node)
}

/** Whether an entry says that an object was deleted. */
export function isMark(node: TreeNode): boolean {
  return factsOf(node)?.version?.deleted === true
}

/** `a.txt@20261121T081500.000Z`: no sign in it that a file system refuses. */
function otherName(node: TreeNode): string {
  if (isPresent(node)) return `${ownName(node)}.object`
  const time = new Date(Number(node.modifiedAt / 1_000_000n)).toISOString().replaceAll(/[-:]/g, '')
  return `${ownName(node)}@${time}${isMark(node) ? '.deleted' : ''}`
}
