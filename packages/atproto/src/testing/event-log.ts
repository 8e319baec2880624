import type { DataObject } from '../codec/index.ts'
import { encodeFrame } from '../repo/index.ts'

/** A frame of the event stream as its host keeps it. */
export interface StoredFrame {
  readonly seq: number
  readonly did: string
  readonly bytes: Uint8Array
}

/** The events of a host in their order, with those who listen. */
export class EventLog {
  #frames: StoredFrame[] = []
  #seq = 0
  /** Frames up to here are no longer kept. */
  #forgotten = 0
  readonly #listeners = new Set<(frame: StoredFrame) => void>()

  /** The number of the newest event. */
  get last(): number {
    return this.#seq
  }

  /** The number of the newest event that is no longer kept. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** Every event that is kept. */
  get frames(): readonly StoredFrame[] {
    return this.#frames
  }

  /** Adds an event; its body gets the next number. */
  append(type: string, did: string, body: DataObject): StoredFrame {
    const seq = ++this.#seq
    const frame = { seq, did, bytes: encodeFrame(type, { ...body, seq }) }
    this.#frames.push(frame)
    for (const listener of this.#listeners) listener(frame)
    return frame
  }

  /** Forgets the events of an account, as a host does when the account is deleted: holes stay in the past. */
  removeOf(did: string): void {
    this.#frames = this.#frames.filter((frame) => frame.did !== did)
  }

  /** Forgets the oldest events: who asks for them is told that its cursor is outdated. */
  forgetUpTo(seq: number): void {
    this.#forgotten = Math.max(this.#forgotten, seq)
    this.#frames = this.#frames.filter((frame) => frame.seq > seq)
  }

  /** Starts to count anew, as a host that lost its log. */
  restart(): void {
    this.#frames = []
    this.#seq = 0
    this.#forgotten = 0
  }

  /** Events after a number that are kept, the oldest first. */
  after(seq: number): readonly StoredFrame[] {
    return this.#frames.filter((frame) => frame.seq > seq)
  }

  /** Hears of every new event. @returns a function that ends it */
  listen(listener: (frame: StoredFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
