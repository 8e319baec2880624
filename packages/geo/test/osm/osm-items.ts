import { BlockBuilder, type Member, type OsmBlock, type OsmTags, type TextPool } from '../../src/osm/index.ts'

/** A node, way or relation as an object: how tests draw networks and compare what was read. */
export interface OsmItems {
  readonly nodes: readonly ItemNode[]
  readonly ways: readonly ItemWay[]
  readonly relations: readonly ItemRelation[]
}

export interface ItemNode {
  readonly id: number
  /** In units of 1e-7 degrees. */
  readonly longitude: number
  readonly latitude: number
  readonly tags: Tags
}

export interface ItemWay {
  readonly id: number
  readonly nodes: readonly number[]
  readonly tags: Tags
}

export interface ItemRelation {
  readonly id: number
  readonly members: readonly Member[]
  readonly tags: Tags
}

export type Tags = readonly (readonly [string, string])[]

const types = ['node', 'way', 'relation'] as const

/** The items of blocks, in their order. */
export async function itemsOf(blocks: AsyncIterable<OsmBlock> | Iterable<OsmBlock>): Promise<OsmItems> {
  const items = { nodes: [] as ItemNode[], ways: [] as ItemWay[], relations: [] as ItemRelation[] }
  for await (const { texts, nodes, ways, relations } of blocks) {
    nodes.ids.forEach((id, n) => {
      const longitude = nodes.longitudes[n]!
      items.nodes.push({ id, longitude, latitude: nodes.latitudes[n]!, tags: tagsOf(nodes.tags, n, texts) })
    })
    ways.ids.forEach((id, n) => {
      const refs = [...ways.nodes.subarray(ways.first[n], ways.first[n + 1])]
      items.ways.push({ id, nodes: refs, tags: tagsOf(ways.tags, n, texts) })
    })
    relations.ids.forEach((id, n) => {
      const members: Member[] = []
      for (let at = relations.first[n]!; at < relations.first[n + 1]!; at++) {
        const role = texts.at(relations.roles[at]!)
        members.push({ type: types[relations.types[at]!]!, id: relations.members[at]!, role })
      }
      items.relations.push({ id, members, tags: tagsOf(relations.tags, n, texts) })
    })
  }
  return items
}

function tagsOf(tags: OsmTags, item: number, texts: TextPool): Tags {
  const list: [string, string][] = []
  for (let pair = tags.first[item]!; pair < tags.first[item + 1]!; pair++)
    list.push([texts.at(tags.pairs[pair * 2]!), texts.at(tags.pairs[pair * 2 + 1]!)])
  return list
}

/** The items as one block. */
export function blockOf({ nodes, ways, relations }: OsmItems): OsmBlock {
  const builder = new BlockBuilder()
  for (const { id, longitude, latitude, tags } of nodes) builder.addNode(id, longitude, latitude, tags)
  for (const { id, nodes: refs, tags } of ways) builder.addWay(id, refs, tags)
  for (const { id, members, tags } of relations) builder.addRelation(id, members, tags)
  return builder.take()
}
