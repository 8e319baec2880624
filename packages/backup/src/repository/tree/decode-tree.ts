import type { DiskPath } from '@exprsn/core/disk'
import { repositoryErrors } from '../errors.ts'
import { compareNames } from './compare-names.ts'
import { largestTree } from './encode-tree.ts'
import { entryBytes } from './entry-bytes.ts'
import { fromGoMode } from './go-mode.ts'
import { goUnquote } from './go-quote.ts'
import { parseInstant } from './instant.ts'
import type { TreeNode, TreeNodeType } from './tree-node.ts'

const types: ReadonlySet<string> = new Set([
  'file',
  'dir',
  'symlink',
  'dev',
  'chardev',
  'fifo',
  'socket',
  'irregular',
] satisfies TreeNodeType[])
const contentId = /^[0-9a-f]{64}$/

/**
 * The entries of a folder from their JSON. What was written by restic or by us reads back in full; anything that could
 * mislead a restore – a name with a slash, `..`, two entries of one name – is refused.
 *
 * @throws `BACKUP_TREE_INVALID`
 */
export function decodeTree(bytes: Uint8Array): TreeNode[] {
  const nodes = rowsOf(bytes, parseExact).map(decodeNode)
  for (let index = 1; index < nodes.length; index++) {
    if (compareNames(nodes[index - 1]!.name, nodes[index]!.name) >= 0)
      throw invalid(`entry ${index} is not sorted after the one before it`)
  }
  return nodes
}

/**
 * What the entries of a folder refer to: all that matters where the question is what is needed, for a third of the work.
 *
 * @throws `BACKUP_TREE_INVALID`
 */
export function decodeReferences(bytes: Uint8Array): Pick<TreeNode, 'content' | 'subtree'>[] {
  return rowsOf(bytes, parse).map((row, index) => {
    if (!isRecord(row)) throw invalid(`entry ${index} is no object`)
    return referencesOf(row, (reason) => invalid(`entry ${index} ${reason}`))
  })
}

function rowsOf(bytes: Uint8Array, parseText: (text: string) => unknown): unknown[] {
  if (bytes.length > largestTree + 100) throw invalid(`it has ${bytes.length} bytes, more than can be read`)
  const tree = parseText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  const rows = isRecord(tree) ? (tree['nodes'] ?? []) : undefined
  if (!Array.isArray(rows)) throw invalid('it has no list of nodes')
  return rows
}

const invalid = (reason: string, cause?: unknown) => repositoryErrors.BACKUP_TREE_INVALID({ reason }, { cause })

/** Numbers beyond 2⁵³ (inodes, devices) come out as bigint, everything else as JSON gives it. */
function parseExact(text: string): unknown {
  return parse(text, /[:,[]\d{16}/.test(text) ? reviveLarge : undefined)
}

function parse(text: string, revive?: typeof reviveLarge): unknown {
  try {
    return JSON.parse(text, revive)
  } catch (cause) {
    throw invalid('it is not JSON', cause)
  }
}

function reviveLarge(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value
  return /^\d{1,20}$/.test(context.source) ? BigInt(context.source) : value
}

type Row = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function decodeNode(row: unknown, index: number): TreeNode {
  if (!isRecord(row)) throw invalid(`entry ${index} is no object`)
  const fail = (reason: string) => invalid(`entry ${index} ${reason}`)
  const name = typeof row['name'] === 'string' ? goUnquote(row['name']) : undefined
  if (name === undefined || !isSafeName(name)) throw fail('has a name that no folder can hold')
  const type = row['type']
  if (typeof type !== 'string' || !types.has(type)) throw fail(`has the unknown type ${String(type)}`)
  const count = (key: string): number => {
    const value = row[key] ?? 0
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw fail(`has no number in ${key}`)
    return value
  }
  const large = (key: string): bigint | undefined => {
    const value = row[key]
    if (value === undefined) return undefined
    if (typeof value === 'bigint') return value
    return BigInt(count(key))
  }
  const time = (key: string): bigint => {
    const instant = parseInstant(optionalText(row[key]) ?? '1970-01-01T00:00:00Z')
    if (instant === undefined) throw fail(`has no time in ${key}`)
    return instant
  }
  return {
    name,
    type: type as TreeNodeType,
    mode: fromGoMode(count('mode')),
    modifiedAt: time('mtime'),
    accessedAt: time('atime'),
    changedAt: time('ctime'),
    userId: count('uid'),
    groupId: count('gid'),
    user: optionalText(row['user']),
    group: optionalText(row['group']),
    inode: large('inode'),
    deviceId: large('device_id'),
    size: type === 'file' ? count('size') : undefined,
    links: row['links'] === undefined ? undefined : count('links'),
    linkTarget: linkTargetOf(row),
    extendedAttributes: attributesOf(row['extended_attributes']),
    device: large('device'),
    ...referencesOf(row, fail),
  }
}

function referencesOf(row: Row, fail: (reason: string) => Error): Pick<TreeNode, 'content' | 'subtree'> {
  return {
    content: row['type'] === 'file' ? idsOf(row['content'] ?? [], fail) : undefined,
    subtree: row['type'] === 'dir' ? idsOf([row['subtree']], fail)[0] : undefined,
  }
}

function isSafeName(name: DiskPath): boolean {
  const bytes = entryBytes(name)
  return bytes.length > 0 && !bytes.includes(0) && !bytes.includes(47) && name !== '.' && name !== '..'
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function linkTargetOf(row: Row): DiskPath | undefined {
  if (typeof row['linktarget_raw'] === 'string') return new Uint8Array(Buffer.from(row['linktarget_raw'], 'base64'))
  return optionalText(row['linktarget'])
}

function attributesOf(value: unknown): TreeNode['extendedAttributes'] {
  if (!Array.isArray(value)) return undefined
  return value.filter(isRecord).map((row) => ({
    name: optionalText(row['name']) ?? '',
    value: new Uint8Array(Buffer.from(optionalText(row['value']) ?? '', 'base64')),
  }))
}

function idsOf(value: unknown, fail: (reason: string) => Error): string[] {
  if (!Array.isArray(value) || !value.every((id) => typeof id === 'string' && contentId.test(id)))
    throw fail('refers to content that is no SHA-256')
  return value as string[]
}
