import type { XmlEvent } from '@exprsn/core/bytes'
import { BlockBuilder, memberTypes, type Member } from '../block-builder.ts'
import { osmErrors } from '../errors.ts'
import type { OsmBlock } from '../osm-block.ts'

type Start = Extract<XmlEvent, { kind: 'start' }>

/** The item whose parts are being read. */
interface OpenItem {
  readonly kind: string
  readonly start: Start
  readonly id: number
  readonly tags: (readonly [string, string])[]
  readonly nodes: number[]
  readonly members: Member[]
}

const kinds = new Set<string>(memberTypes)

/** Makes items of the tags of an `.osm` file. */
export class XmlItems {
  readonly #builder = new BlockBuilder()
  #open: OpenItem | undefined

  /** Complete items that were not taken. */
  get size(): number {
    return this.#builder.size
  }

  take(): OsmBlock {
    return this.#builder.take()
  }

  addAll(events: readonly XmlEvent[]): void {
    for (const event of events)
      if (event.kind === 'start') this.#begin(event)
      else if (event.kind === 'end') this.#end(event.name)
  }

  #begin(start: Start): void {
    const { name } = start
    if (name === 'osmChange') throw osmErrors.GEO_OSM_UNSUPPORTED({ feature: 'osmChange' })
    if (kinds.has(name)) {
      if (this.#open !== undefined) throw invalid(start, `a ${name} within a ${this.#open.kind}`)
      this.#open = { kind: name, start, id: integer(start, 'id'), tags: [], nodes: [], members: [] }
    } else if (this.#open !== undefined) this.#addPart(this.#open, start)
  }

  #addPart({ tags, nodes, members }: OpenItem, start: Start): void {
    if (start.name === 'tag') tags.push([attribute(start, 'k'), attribute(start, 'v')])
    else if (start.name === 'nd') nodes.push(integer(start, 'ref'))
    else if (start.name === 'member') members.push(memberOf(start))
  }

  #end(name: string): void {
    const open = this.#open
    if (open === undefined || open.kind !== name) return
    this.#open = undefined
    if (isDeleted(open.start)) return
    const { id, tags } = open
    if (name === 'way') this.#builder.addWay(id, open.nodes, tags)
    else if (name === 'relation') this.#builder.addRelation(id, open.members, tags)
    else this.#builder.addNode(id, degrees(open.start, 'lon', 180), degrees(open.start, 'lat', 90), tags)
  }
}

function memberOf(start: Start): Member {
  const type = attribute(start, 'type')
  const known = memberTypes.find((candidate) => candidate === type)
  if (known === undefined) throw invalid(start, `a member of type "${type}"`)
  return { type: known, id: integer(start, 'ref'), role: attribute(start, 'role', '') }
}

function isDeleted(start: Start): boolean {
  return attribute(start, 'visible', 'true') === 'false' || attribute(start, 'action', '') === 'delete'
}

function attribute({ attributes, name, offset }: Start, wanted: string, otherwise?: string): string {
  const value = attributes.find((candidate) => candidate.name === wanted)?.value ?? otherwise
  if (value === undefined) throw osmErrors.GEO_OSM_INVALID({ offset, reason: `a ${name} without ${wanted}` })
  return value
}

function integer(start: Start, wanted: string): number {
  const text = attribute(start, wanted)
  const value = Number(text)
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw invalid(start, `${wanted}="${text}"`)
  return value
}

/** In units of 1e-7 degrees. */
function degrees(start: Start, wanted: string, most: number): number {
  const text = attribute(start, wanted)
  const value = Math.round(Number(text) * 1e7)
  if (text.trim() === '' || !(Math.abs(value) <= most * 1e7)) throw invalid(start, `${wanted}="${text}"`)
  return value
}

function invalid({ offset }: Start, reason: string) {
  return osmErrors.GEO_OSM_INVALID({ offset, reason })
}
