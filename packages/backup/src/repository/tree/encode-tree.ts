import { concatBytes } from '@exprsn/core/bytes'
import { constants } from 'node:buffer'
import { release } from '../../seal/index.ts'
import { repositoryErrors } from '../errors.ts'
import { compareNames } from './compare-names.ts'
import { goJsonString } from './go-json.ts'
import { toGoMode } from './go-mode.ts'
import { goQuote } from './go-quote.ts'
import { formatInstant } from './instant.ts'
import type { TreeNode } from './tree-node.ts'

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The JSON of a folder exactly as restic writes it – order of keys, what is left out, Go's escapes, the newline at the
 * end – so that the same folder has the same id in both programs. Nodes are sorted by the bytes of their names.
 *
 * @throws `BACKUP_TREE_TOO_LARGE`
 */
export function encodeTree(nodes: readonly TreeNode[]): Uint8Array {
  return encodeTreeWithin(nodes, largestTree)
}

/** {@link encodeTree} with a limit of its own, in bytes. */
export function encodeTreeWithin(nodes: readonly TreeNode[], limit: number): Uint8Array {
  const sorted = isSorted(nodes) ? nodes : [...nodes].sort((left, right) => compareNames(left.name, right.name))
  const parts: Uint8Array[] = [Buffer.from('{"nodes":[')]
  let size = 0
  // In parts: a folder may have a million entries, and a text of that length stands in memory several times.
  for (let start = 0; start < sorted.length; start += nodesPerPart) {
    const text = sorted
      .slice(start, start + nodesPerPart)
      .map(encodeNode)
      .join(',')
    const part = Buffer.from(start === 0 ? text : `,${text}`)
    parts.push(part)
    size += part.length
    if (size > limit) throw repositoryErrors.BACKUP_TREE_TOO_LARGE({ entries: nodes.length, limit })
  }
  parts.push(Buffer.from(']}\n'))
  // In memory of its own, which can go to another thread: small ones of Buffer share theirs.
  const tree = concatBytes(parts)
  for (const part of parts) release(part)
  return tree
}

const nodesPerPart = 1_000
/** What can be read back: no text of the runtime is longer. About 1.4 million entries. */
export const largestTree: number = constants.MAX_STRING_LENGTH - 100

function isSorted(nodes: readonly TreeNode[]): boolean {
  return nodes.every((node, index) => index === 0 || compareNames(nodes[index - 1]!.name, node.name) < 0)
}

function encodeNode(node: TreeNode): string {
  const mtime = formatInstant(node.modifiedAt)
  const atime = node.accessedAt === node.modifiedAt ? mtime : formatInstant(node.accessedAt)
  const ctime = node.changedAt === node.modifiedAt ? mtime : formatInstant(node.changedAt)
  let json = `{"name":${goJsonString(goQuote(node.name))},"type":"${node.type}"`
  const mode = toGoMode(node.type, node.mode)
  if (mode !== 0) json += `,"mode":${mode}`
  json += `,"mtime":"${mtime}","atime":"${atime}","ctime":"${ctime}","uid":${node.userId},"gid":${node.groupId}`
  if (node.user) json += `,"user":${goJsonString(node.user)}`
  if (node.group) json += `,"group":${goJsonString(node.group)}`
  if (node.inode) json += `,"inode":${node.inode}`
  if (node.deviceId) json += `,"device_id":${node.deviceId}`
  if (node.size) json += `,"size":${node.size}`
  if (node.links) json += `,"links":${node.links}`
  if (node.linkTarget !== undefined && node.linkTarget.length > 0) json += encodeLinkTarget(node.linkTarget)
  if (node.extendedAttributes?.length)
    json += `,"extended_attributes":[${node.extendedAttributes.map(attribute).join()}]`
  if (node.device) json += `,"device":${node.device}`
  json += `,"content":${node.content === undefined ? 'null' : `[${node.content.map((id) => `"${id}"`).join()}]`}`
  if (node.subtree !== undefined) json += `,"subtree":"${node.subtree}"`
  return `${json}}`
}

/** Old versions of restic keep text only; newer ones add the raw bytes in a field of their own, which we write too. */
function encodeLinkTarget(target: TreeNode['name']): string {
  if (typeof target === 'string') return `,"linktarget":${goJsonString(target)}`
  const text = goJsonString(lossy.decode(target)).replaceAll('\ufffd', '\\ufffd')
  return `,"linktarget":${text},"linktarget_raw":"${Buffer.from(target).toString('base64')}"`
}

function attribute({ name, value }: { readonly name: string; readonly value: Uint8Array }): string {
  return `{"name":${goJsonString(name)},"value":"${Buffer.from(value).toString('base64')}"}`
}
