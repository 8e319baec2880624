import type { OsmBlock } from '../../osm/index.ts'
import type { Tags } from '../profile/access.ts'

/** A turn restriction as it stands in the data (OpenStreetMap wiki, "Relation:restriction"). */
export interface Restriction {
  readonly id: number
  /** Ids of ways. */
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** A node, or ways in the order in which they are gone. */
  readonly viaNode: number | undefined
  readonly viaWays: readonly number[]
  readonly tags: Tags
}

const wayType = 1

/** The members of a restriction; undefined where they are not of the kind that one has. */
export function restrictionOf(
  { relations, texts }: Pick<OsmBlock, 'relations' | 'texts'>,
  relation: number,
  tags: Tags,
): Restriction | undefined {
  const from: number[] = []
  const to: number[] = []
  const viaWays: number[] = []
  const viaNodes: number[] = []
  for (let at = relations.first[relation]!; at < relations.first[relation + 1]!; at++) {
    const role = texts.at(relations.roles[at]!)
    const isWay = relations.types[at] === wayType
    const member = relations.members[at]!
    if (role === 'from' && isWay) from.push(member)
    else if (role === 'to' && isWay) to.push(member)
    else if (role === 'via' && isWay) viaWays.push(member)
    else if (role === 'via' && relations.types[at] === 0) viaNodes.push(member)
  }
  if (from.length === 0 || to.length === 0 || viaNodes.length + Math.min(1, viaWays.length) !== 1) return undefined
  return { id: relations.ids[relation]!, from, to, viaNode: viaNodes[0], viaWays, tags }
}
