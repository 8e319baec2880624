import { fromUint8Array } from '@atcute/car'
import * as atcuteCbor from '@atcute/cbor'
import * as atcuteCid from '@atcute/cid'
import { cborDecodeAll } from '@atproto/lex-cbor'
import { cborToLexRecord, readCarWithRoot } from '@atproto/repo'
import { decodeCbor } from '@exprsn/atproto/codec'
import { decodeFrame, readCommitMessage } from '@exprsn/atproto/repo'

/** Takes frames of the event stream apart: frame, CAR and the records of its operations. Gives a line for each operation. */
export type DecodeFrames = (frames: readonly Uint8Array[]) => Promise<string[]> | string[]

interface OfficialOperation {
  readonly action: string
  readonly path: string
  readonly cid: never
}

/** The text of a record, the same on all sides. */
const line = (action: string, path: string, record: unknown): string =>
  `${action} ${path} ${(record as { readonly text?: string } | undefined)?.text ?? ''}`

/** Ours: canonical form and every CID checked. */
export const decodeOurs: DecodeFrames = (frames) =>
  frames.flatMap((frame) => {
    const message = decodeFrame(frame)
    if (!('body' in message)) throw new Error('not a message')
    const { blocks, operations } = readCommitMessage(message.body)
    return operations.map(({ action, path, cid }) =>
      line(action, path, cid === undefined ? undefined : decodeCbor(blocks.get(cid)!)),
    )
  })

/** What @atproto does in its firehose client: every CID is checked. */
export const decodeOfficial: DecodeFrames = async (frames) => {
  const lines: string[] = []
  for (const frame of frames) {
    const [, body] = [...cborDecodeAll(frame)] as unknown as [
      unknown,
      { readonly blocks: Uint8Array; readonly ops: readonly OfficialOperation[] },
    ]
    const { blocks } = await readCarWithRoot(body.blocks)
    for (const { action, path, cid } of body.ops)
      lines.push(line(action, path, cid === null ? undefined : cborToLexRecord(blocks.get(cid)!)))
  }
  return lines
}

/** @atcute, whose reader checks no CID; with `checked` they are checked by its own means. */
export const decodeAtcute =
  (checked: boolean): DecodeFrames =>
  async (frames) => {
    const lines: string[] = []
    for (const frame of frames) {
      const [, rest] = atcuteCbor.decodeFirst(frame)
      const body = atcuteCbor.decode(rest) as {
        readonly blocks: { readonly buf: Uint8Array }
        readonly ops: readonly {
          readonly action: string
          readonly path: string
          readonly cid: { $link: string } | null
        }[]
      }
      const blocks = new Map<string, Uint8Array>()
      for (const { cid, bytes } of fromUint8Array(body.blocks.buf)) {
        if (checked) {
          const { digest } = await atcuteCid.create(cid.codec as 113, bytes as Uint8Array<ArrayBuffer>)
          if (Buffer.compare(digest.contents, cid.digest.contents) !== 0) throw new Error('a block is damaged')
        }
        blocks.set(atcuteCid.toString(cid), bytes)
      }
      for (const { action, path, cid } of body.ops)
        lines.push(line(action, path, cid === null ? undefined : atcuteCbor.decode(blocks.get(cid.$link)!)))
    }
    return lines
  }
