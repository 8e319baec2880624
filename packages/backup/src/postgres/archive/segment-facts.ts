import { formatLsn, parseLsn, type Lsn } from '../../replication/lsn.ts'
import type { ExtendedAttribute, TreeNode } from '../../repository/index.ts'

/** What was found in a segment when it was stored. */
export interface SegmentFacts {
  /** How far whole records reach. */
  readonly end: Lsn
  /** The latest commit or abort in it, in microseconds since 2000. */
  readonly lastCommit: bigint | undefined
}

/** Restic keeps it with the file. */
const attribute = 'user.exprsn.wal'

/** The facts as an attribute of the file. */
export function encodeSegmentFacts({ end, lastCommit }: SegmentFacts): ExtendedAttribute {
  return { name: attribute, value: Buffer.from(`${formatLsn(end)} ${lastCommit ?? '-'}`) }
}

/** Undefined when the file has none, such as after a tool that drops attributes. */
export function decodeSegmentFacts(node: TreeNode): SegmentFacts | undefined {
  const value = node.extendedAttributes?.find(({ name }) => name === attribute)?.value
  const match = /^([0-9A-F]+\/[0-9A-F]+) (-?\d+|-)$/.exec(value === undefined ? '' : Buffer.from(value).toString())
  if (match === null) return undefined
  return { end: parseLsn(match[1]!), lastCommit: match[2] === '-' ? undefined : BigInt(match[2]!) }
}
