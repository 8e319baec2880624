import { Growing } from './growing.ts'
import type { OsmBlock, OsmTags } from './osm-block.ts'
import { TextPool } from './text-pool.ts'

/** Keys and values. */
export type TagList = Iterable<readonly [key: string, value: string]>

/** What a member of a relation is; its place in this list is its type in a block. */
export const memberTypes = ['node', 'way', 'relation'] as const

/** A member of a relation. */
export interface Member {
  readonly type: (typeof memberTypes)[number]
  readonly id: number
  readonly role: string
}

/**
 * Collects items one by one into blocks, for road networks that come from elsewhere.
 *
 * @example
 * ```ts
 * import { BlockBuilder } from '@exprsn/geo/osm'
 *
 * const builder = new BlockBuilder()
 * builder.addNode(1, 95_200_000, 471_400_000)
 * builder.addNode(2, 95_210_000, 471_400_000)
 * builder.addWay(1, [1, 2], [['highway', 'residential']])
 * console.log(builder.take().ways.ids.length) // 1
 * ```
 */
export class BlockBuilder {
  readonly #places = new Map<string, number>()
  readonly #nodes = { ids: floats(), longitudes: ints(), latitudes: ints(), tags: tagLists() }
  readonly #ways = { ids: floats(), first: ints(), nodes: floats(), tags: tagLists() }
  readonly #relations = {
    ids: floats(),
    first: ints(),
    members: floats(),
    types: new Growing(new Uint8Array(64)),
    roles: ints(),
    tags: tagLists(),
  }

  /** How many items there are. */
  get size(): number {
    return this.#nodes.ids.length + this.#ways.ids.length + this.#relations.ids.length
  }

  /** Adds a node. Coordinates are whole numbers of 1e-7 degrees. */
  addNode(id: number, longitude: number, latitude: number, tags: TagList = []): void {
    const { ids, longitudes, latitudes } = this.#nodes
    ids.push(id)
    longitudes.push(longitude)
    latitudes.push(latitude)
    this.#addTags(this.#nodes.tags, tags)
  }

  /** Adds a way through nodes. */
  addWay(id: number, nodes: Iterable<number>, tags: TagList = []): void {
    this.#ways.ids.push(id)
    this.#ways.first.push(this.#ways.nodes.length)
    for (const node of nodes) this.#ways.nodes.push(node)
    this.#addTags(this.#ways.tags, tags)
  }

  /** Adds a relation. */
  addRelation(id: number, list: Iterable<Member>, tags: TagList = []): void {
    const { ids, first, members, types, roles } = this.#relations
    ids.push(id)
    first.push(members.length)
    for (const member of list) {
      members.push(member.id)
      types.push(memberTypes.indexOf(member.type))
      roles.push(this.#placeOf(member.role))
    }
    this.#addTags(this.#relations.tags, tags)
  }

  /** What was added since the last call. */
  take(): OsmBlock {
    const { ids, longitudes, latitudes } = this.#nodes
    this.#ways.first.push(this.#ways.nodes.length)
    this.#relations.first.push(this.#relations.members.length)
    const relations = this.#relations
    return {
      texts: this.#takeTexts(),
      nodes: {
        ids: ids.take(),
        longitudes: longitudes.take(),
        latitudes: latitudes.take(),
        tags: takeTags(this.#nodes.tags),
      },
      ways: {
        ids: this.#ways.ids.take(),
        first: this.#ways.first.take(),
        nodes: this.#ways.nodes.take(),
        tags: takeTags(this.#ways.tags),
      },
      relations: {
        ids: relations.ids.take(),
        first: relations.first.take(),
        members: relations.members.take(),
        types: relations.types.take(),
        roles: relations.roles.take(),
        tags: takeTags(relations.tags),
      },
    }
  }

  #addTags({ first, pairs }: TagLists, tags: TagList): void {
    first.push(pairs.length / 2)
    for (const [key, value] of tags) {
      pairs.push(this.#placeOf(key))
      pairs.push(this.#placeOf(value))
    }
  }

  #placeOf(text: string): number {
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.#places.size)
    return this.#places.size - 1
  }

  #takeTexts(): TextPool {
    const parts = [...this.#places.keys()].map((text) => Buffer.from(text))
    const first = new Int32Array(parts.length + 1)
    parts.forEach((part, index) => (first[index + 1] = first[index]! + part.length))
    this.#places.clear()
    return new TextPool(first, Buffer.concat(parts))
  }
}

interface TagLists {
  readonly first: Growing<Int32Array>
  readonly pairs: Growing<Int32Array>
}

function takeTags({ first, pairs }: TagLists): OsmTags {
  first.push(pairs.length / 2)
  return { first: first.take(), pairs: pairs.take() }
}

function tagLists(): TagLists {
  return { first: ints(), pairs: ints() }
}

function floats(): Growing<Float64Array> {
  return new Growing(new Float64Array(64))
}

function ints(): Growing<Int32Array> {
  return new Growing(new Int32Array(64))
}
