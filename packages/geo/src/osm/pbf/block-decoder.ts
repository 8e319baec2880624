import type { OsmBlock, OsmNodes, OsmRelations, OsmWays } from '../osm-block.ts'
import { TextPool } from '../text-pool.ts'
import { Fields } from './fields.ts'
import { Growing } from '../growing.ts'
import { Coordinates, usualGranularity } from './coordinates.ts'
import { TagLists } from './tag-lists.ts'
import { addSums, readInt64, readVarint, varintEnd } from './varints.ts'

const mostLongitude = 1_800_000_000
const mostLatitude = 900_000_000

/**
 * Decodes blocks of OpenStreetMap's PBF format (osmformat.proto, `PrimitiveBlock`) to typed arrays. Its memory is kept from
 * block to block; the blocks share none of it.
 *
 * 60 to 100 MB/s of unpacked bytes are decoded on one core, as much as zlib unpacks: hence one loop per kind of list and no
 * object per item.
 */
export class BlockDecoder {
  readonly #nodes = { ids: sums(), tags: new TagLists() }
  readonly #longitudes = new Coordinates(mostLongitude)
  readonly #latitudes = new Coordinates(mostLatitude)
  readonly #ways = { ids: sums(), first: ints(), nodes: sums(), tags: new TagLists() }
  readonly #relations = {
    ids: sums(),
    first: ints(),
    members: sums(),
    types: bytesList(),
    roles: ints(),
    tags: new TagLists(),
  }
  #texts = 0
  #item!: Fields

  /** @throws `GEO_OSM_INVALID` naming `offset`, where the block stands in the file. */
  decode(bytes: Uint8Array, offset: number): OsmBlock {
    const fields = new Fields(bytes, offset)
    const group = new Fields(bytes, offset)
    this.#item = new Fields(bytes, offset)
    this.#clear()
    const groups: number[] = []
    let texts = new TextPool(new Int32Array(1), new Uint8Array(0))
    let granularity = usualGranularity
    let longitudeOffset = 0
    let latitudeOffset = 0
    fields.enter(0, bytes.length)
    while (fields.next()) {
      if (fields.field === 1) texts = readTexts(group.enter(fields.from, expectMessage(fields).end))
      else if (fields.field === 2) groups.push(fields.from, expectMessage(fields).end)
      else if (fields.field === 17) granularity = fields.number()
      else if (fields.field === 19) latitudeOffset = readInt64(bytes, fields.from)
      else if (fields.field === 20) longitudeOffset = readInt64(bytes, fields.from)
    }
    this.#texts = texts.length
    this.#longitudes.begin({ granularity, offset: longitudeOffset })
    this.#latitudes.begin({ granularity, offset: latitudeOffset })
    for (let index = 0; index < groups.length; index += 2)
      this.#readGroup(group.enter(groups[index]!, groups[index + 1]!))
    return {
      texts,
      nodes: this.#takeNodes(fields),
      ways: this.#takeWays(),
      relations: this.#takeRelations(),
    }
  }

  /** What a damaged block left behind must not show up in the next. */
  #clear(): void {
    for (const { tags, ...lists } of [this.#nodes, this.#ways, this.#relations]) {
      tags.clear()
      for (const list of Object.values(lists)) list.length = 0
    }
  }

  #readGroup(group: Fields): void {
    while (group.next()) {
      const item = this.#item
      if (group.field < 1 || group.field > 4) continue
      item.enter(group.from, expectMessage(group).end)
      if (group.field === 1) this.#readNode(item)
      else if (group.field === 2) this.#readDenseNodes(item)
      else if (group.field === 3) this.#readWay(item)
      else this.#readRelation(item)
    }
  }

  #readNode(item: Fields): void {
    const { ids, tags } = this.#nodes
    const start = ids.length
    while (item.next()) {
      if (item.field === 1) appendSums(item, ids, start)
      else if (item.field === 2) tags.addKeys(item, this.#texts)
      else if (item.field === 3) tags.addValues(item, this.#texts)
      else if (item.field === 8) this.#latitudes.append(item, start)
      else if (item.field === 9) this.#longitudes.append(item, start)
    }
    if (ids.length !== start + 1 || this.#latitudes.length !== ids.length || this.#longitudes.length !== ids.length)
      throw item.invalid('a node without id or place', item.from)
    tags.endItem(item)
  }

  #readDenseNodes(item: Fields): void {
    const { ids, tags } = this.#nodes
    const start = ids.length
    let tagsFrom = 0
    let tagsEnd = 0
    while (item.next()) {
      if (item.field === 1) appendSums(item, ids, start)
      else if (item.field === 8) this.#latitudes.append(item, start)
      else if (item.field === 9) this.#longitudes.append(item, start)
      else if (item.field === 10) {
        item.checkVarints()
        tagsFrom = item.from
        tagsEnd = item.end
      }
    }
    if (this.#latitudes.length !== ids.length || this.#longitudes.length !== ids.length)
      throw item.invalid(`${ids.length - start} ids of nodes, but another number of places`, item.from)
    tags.addDense(item, tagsFrom, tagsEnd, { items: ids.length - start, texts: this.#texts })
  }

  #readWay(item: Fields): void {
    const { ids, first, nodes, tags } = this.#ways
    first.push(nodes.length)
    const start = nodes.length
    const count = ids.length
    while (item.next()) {
      if (item.field === 1) ids.push(safeId(item))
      else if (item.field === 2) tags.addKeys(item, this.#texts)
      else if (item.field === 3) tags.addValues(item, this.#texts)
      else if (item.field === 8) appendSums(item, nodes, start)
    }
    if (ids.length !== count + 1) throw item.invalid('a way without id', item.from)
    tags.endItem(item)
  }

  #readRelation(item: Fields): void {
    const { ids, first, members, types, roles, tags } = this.#relations
    first.push(members.length)
    const start = members.length
    const count = ids.length
    while (item.next()) {
      if (item.field === 1) ids.push(safeId(item))
      else if (item.field === 2) tags.addKeys(item, this.#texts)
      else if (item.field === 3) tags.addValues(item, this.#texts)
      else if (item.field === 8) appendPlain(item, roles, this.#texts)
      else if (item.field === 9) appendSums(item, members, start)
      else if (item.field === 10) appendPlain(item, types, 3)
    }
    if (ids.length !== count + 1) throw item.invalid('a relation without id', item.from)
    if (roles.length !== members.length || types.length !== members.length)
      throw item.invalid('a relation whose members lack types or roles', item.from)
    tags.endItem(item)
  }

  #takeNodes(fields: Fields): OsmNodes {
    const { ids, tags } = this.#nodes
    return {
      ids: ids.take(),
      longitudes: this.#longitudes.take(fields),
      latitudes: this.#latitudes.take(fields),
      tags: tags.take(),
    }
  }

  #takeWays(): OsmWays {
    const { ids, first, nodes, tags } = this.#ways
    first.push(nodes.length)
    return { ids: ids.take(), first: first.take(), nodes: nodes.take(), tags: tags.take() }
  }

  #takeRelations(): OsmRelations {
    const { ids, first, members, types, roles, tags } = this.#relations
    first.push(members.length)
    return {
      ids: ids.take(),
      first: first.take(),
      members: members.take(),
      types: types.take(),
      roles: roles.take(),
      tags: tags.take(),
    }
  }
}

function readTexts(fields: Fields): TextPool {
  const ends: number[] = []
  const starts: number[] = []
  let size = 0
  while (fields.next()) {
    if (fields.field !== 1) continue
    starts.push(fields.from)
    ends.push(expectMessage(fields).end)
    size += fields.end - fields.from
  }
  const first = new Int32Array(starts.length + 1)
  const bytes = new Uint8Array(size)
  let to = 0
  for (let index = 0; index < starts.length; index++) {
    for (let at = starts[index]!, end = ends[index]!; at < end; at++) bytes[to++] = fields.bytes[at]!
    first[index + 1] = to
  }
  return new TextPool(first, bytes)
}

function expectMessage(fields: Fields): Fields {
  if (fields.wireType !== 2) throw fields.invalid(`field ${fields.field} is no message`, fields.from)
  return fields
}

function appendSums(item: Fields, list: Growing<Float64Array>, start: number): void {
  item.checkVarints()
  list.reserve(item.end - item.from)
  const length = addSums(item.bytes, item.from, item.end, list.array, start, list.length)
  if (length < 0) throw item.invalid('a number beyond 2^53', item.from)
  list.length = length
}

/** Varints as they are, each below `bound`. */
function appendPlain(item: Fields, list: Growing<Int32Array> | Growing<Uint8Array>, bound: number): void {
  item.checkVarints()
  for (let at = item.from; at < item.end; at = varintEnd) {
    const value = readVarint(item.bytes, at)
    if (!(value < bound)) throw item.invalid(`${value} where less than ${bound} is expected`, at)
    list.push(value)
  }
}

function safeId(item: Fields): number {
  if (item.wireType !== 0) throw item.invalid('an id that is no number', item.from)
  const id = readInt64(item.bytes, item.from)
  if (!Number.isSafeInteger(id)) throw item.invalid('an id beyond 2^53', item.from)
  return id
}

function sums(): Growing<Float64Array> {
  return new Growing(new Float64Array(256))
}

function ints(): Growing<Int32Array> {
  return new Growing(new Int32Array(256))
}

function bytesList(): Growing<Uint8Array> {
  return new Growing(new Uint8Array(256))
}
