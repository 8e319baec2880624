import { deflateSync, zstdCompressSync } from 'node:zlib'
import { ProtobufWriter } from '@exprsn/core/bytes'
import type { ItemNode, OsmItems, Tags } from './osm-items.ts'

/** How a file is written. */
export interface WritePbfOptions {
  readonly compression?: 'raw' | 'zlib' | 'zstd' | 'lz4' | 'lzma' | undefined
  /** Nodes as `DenseNodes`, or each as a message. @default true */
  readonly dense?: boolean | undefined
  /** Nanodegrees per unit. @default 100 */
  readonly granularity?: number | undefined
  /** Nanodegrees. @default 0 */
  readonly longitudeOffset?: number | undefined
  readonly latitudeOffset?: number | undefined
  /** Lists of numbers one by one, as proto2 does by default. @default false */
  readonly unpacked?: boolean | undefined
  /** @default ['OsmSchema-V0.6', 'DenseNodes'] */
  readonly features?: readonly string[] | undefined
}

/** A PBF file (fileformat.proto, osmformat.proto) with all items in one blob, written for tests. */
export function writePbf(items: OsmItems, options: WritePbfOptions = {}): Uint8Array {
  const { features = ['OsmSchema-V0.6', 'DenseNodes'] } = options
  const header = new ProtobufWriter()
  for (const feature of features) header.text(4, feature)
  header.text(16, 'tests')
  return Buffer.concat([
    frame('OSMHeader', packBlob(header.finish(), options.compression)),
    frame('OSMData', packBlob(primitiveBlock(items, options), options.compression)),
  ])
}

/** The blob with its header before it. */
export function frame(type: string, blob: Uint8Array): Uint8Array {
  const header = new ProtobufWriter().text(1, type).number(3, 'int32', blob.length).finish()
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, header.length)
  return Buffer.concat([length, header, blob])
}

export function packBlob(content: Uint8Array, compression: WritePbfOptions['compression'] = 'zlib'): Uint8Array {
  const writer = new ProtobufWriter()
  if (compression === 'raw') return writer.bytes(1, content).finish()
  writer.number(2, 'int32', content.length)
  if (compression === 'zlib') return writer.bytes(3, deflateSync(content)).finish()
  if (compression === 'lzma') return writer.bytes(4, content).finish()
  if (compression === 'zstd') return writer.bytes(7, zstdCompressSync(content)).finish()
  return writer.bytes(6, lz4Literals(content)).finish()
}

/** An LZ4 block of literals alone is a valid one. */
function lz4Literals(content: Uint8Array): Uint8Array {
  if (content.length < 15) return Buffer.concat([Uint8Array.of(content.length << 4), content])
  const head = [0xf0]
  let rest = content.length - 15
  for (; rest >= 255; rest -= 255) head.push(255)
  return Buffer.concat([Uint8Array.from([...head, rest]), content])
}

class Texts {
  readonly list = ['']
  readonly #places = new Map<string, number>()

  place(text: string): number {
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.list.length)
    this.list.push(text)
    return this.list.length - 1
  }
}

export function primitiveBlock({ nodes, ways, relations }: OsmItems, options: WritePbfOptions = {}): Uint8Array {
  const { dense = true, granularity = 100, longitudeOffset = 0, latitudeOffset = 0, unpacked = false } = options
  const texts = new Texts()
  const list = (writer: ProtobufWriter, field: number, type: 'sint64' | 'int32' | 'uint32', values: number[]) => {
    if (unpacked) for (const value of values) writer.number(field, type, value)
    else writer.packed(field, type, values)
  }
  const putTags = (writer: ProtobufWriter, tags: Tags): void => {
    list(
      writer,
      2,
      'uint32',
      tags.map(([key]) => texts.place(key)),
    )
    list(
      writer,
      3,
      'uint32',
      tags.map(([, value]) => texts.place(value)),
    )
  }
  const x = ({ longitude }: ItemNode): number => Math.round((longitude * 100 - longitudeOffset) / granularity)
  const y = ({ latitude }: ItemNode): number => Math.round((latitude * 100 - latitudeOffset) / granularity)
  const group = new ProtobufWriter()
  if (dense && nodes.length > 0)
    group.message(2, (message) => {
      list(message, 1, 'sint64', differences(nodes.map(({ id }) => id)))
      list(message, 8, 'sint64', differences(nodes.map(y)))
      list(message, 9, 'sint64', differences(nodes.map(x)))
      if (nodes.some(({ tags }) => tags.length > 0)) {
        const numbers = nodes.flatMap(({ tags }) => [...tags.flat().map((text) => texts.place(text)), 0])
        message.packed(10, 'int32', numbers)
      }
    })
  else
    for (const node of nodes)
      group.message(1, (message) => {
        message.number(1, 'sint64', node.id)
        putTags(message, node.tags)
        message.number(8, 'sint64', y(node)).number(9, 'sint64', x(node))
      })
  for (const { id, nodes: refs, tags } of ways)
    group.message(3, (message) => {
      message.number(1, 'int64', id)
      putTags(message, tags)
      list(message, 8, 'sint64', differences(refs))
    })
  for (const { id, members, tags } of relations)
    group.message(4, (message) => {
      message.number(1, 'int64', id)
      putTags(message, tags)
      list(
        message,
        8,
        'int32',
        members.map(({ role }) => texts.place(role)),
      )
      list(message, 9, 'sint64', differences(members.map((member) => member.id)))
      list(
        message,
        10,
        'int32',
        members.map(({ type }) => ['node', 'way', 'relation'].indexOf(type)),
      )
    })
  const block = new ProtobufWriter()
  block.message(1, (table) => {
    for (const text of texts.list) table.text(1, text)
  })
  block.bytes(2, group.finish())
  if (granularity !== 100) block.number(17, 'int32', granularity)
  if (latitudeOffset !== 0) block.number(19, 'int64', latitudeOffset)
  if (longitudeOffset !== 0) block.number(20, 'int64', longitudeOffset)
  return block.finish()
}

function differences(values: readonly number[]): number[] {
  return values.map((value, index) => value - (index === 0 ? 0 : values[index - 1]!))
}
