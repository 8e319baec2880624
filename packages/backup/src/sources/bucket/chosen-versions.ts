import type { BlobReader, TreeNode } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import { apart, isMark, isPresent, ownName } from './entry-names.ts'
import { encodeFacts, factsOf } from './object-facts.ts'

/** Which versions are restored: the present ones, those of a moment, or all. */
export type VersionChoice = 'latest' | 'all' | { readonly at: Date }

/**
 * The folders of a snapshot as they look with the chosen versions alone. The chosen version of an object has the name that the
 * object has without versions; so has each of all with `sameName`. Else, of all, each has the name that it has in the snapshot,
 * and there are no marks of deletions.
 */
export function withVersions(
  reader: BlobReader,
  choice: VersionChoice,
  { sameName = false }: { readonly sameName?: boolean | undefined } = {},
): BlobReader {
  return {
    ...reader,
    async readTree(id, options) {
      const nodes = await reader.readTree(id, options)
      if (choice === 'all') return sameName ? presentNames(nodes) : nodes.filter((node) => !isMark(node))
      return apart(nodes.filter(chosenBy(choice, nodes)).map(asPresent))
    },
  }
}

function chosenBy(choice: Exclude<VersionChoice, 'all'>, nodes: readonly TreeNode[]): (node: TreeNode) => boolean {
  if (choice === 'latest') return isPresent
  const chosen = new Map<string, TreeNode>()
  for (const node of nodes) {
    if (node.type === 'dir') continue
    const name = ownName(node)
    if (factsOf(node)?.version === undefined) throw sourcesErrors.BACKUP_BUCKET_NO_VERSIONS({ name })
    const other = chosen.get(name)
    if (node.modifiedAt > BigInt(choice.at.getTime()) * 1_000_000n) continue
    if (other === undefined || ageOf(node) < ageOf(other)) chosen.set(name, node)
  }
  return (node) => node.type === 'dir' || (chosen.get(ownName(node)) === node && !isMark(node))
}

/** How many versions of an object are newer. */
export function ageOf(node: TreeNode): number {
  return factsOf(node)?.version?.age ?? 0
}

/** An object as if it were the present one. */
function asPresent(node: TreeNode): TreeNode {
  const facts = factsOf(node)
  if (facts === undefined || node.type === 'dir') return node
  const extendedAttributes = encodeFacts({ ...facts, name: undefined, version: undefined })
  return { ...node, name: ownName(node), extendedAttributes }
}

/** All versions of an object under the name that its present one would have. */
function presentNames(nodes: readonly TreeNode[]): TreeNode[] {
  const present = new Map(nodes.map((node) => [ownName(node), asPresent(node)]))
  const folders = nodes.filter(({ type }) => type === 'dir')
  const objects = [...present.values()].filter(({ type }) => type !== 'dir')
  const names = new Map(apart([...folders, ...objects]).map((node) => [`${node.type} ${ownName(node)}`, node.name]))
  return nodes.map((node) => {
    const facts = factsOf(node)
    if (facts === undefined || node.type === 'dir') return node
    const name = names.get(`${node.type} ${ownName(node)}`)!
    return { ...node, name, extendedAttributes: encodeFacts({ ...facts, name: ownName(node) }) }
  })
}
