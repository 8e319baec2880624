import { storeErrors } from '../errors.ts'
import type { OpenFile, SegmentFiles } from '../files/segment-files.ts'
import { openSegment, type OpenedSegment } from '../segment/open-segment.ts'
import { PageCache } from '../tokens/page-cache.ts'

/** The dictionaries of two million lines of a service, unpacked. */
const mostCachedBytes = 16 * 2 ** 20

/** A segment that is opened when a query needs it. One that could not be opened is tried again. */
class Handle {
  uses = 0
  isForgotten = false
  readonly #open: () => Promise<OpenPair>
  #opened: Promise<OpenPair> | undefined

  constructor(open: () => Promise<OpenPair>) {
    this.#open = open
  }

  async segment(): Promise<OpenedSegment> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return (await this.#opened).segment
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    await opened
      ?.then(({ file, segment }) => {
        segment.forget()
        return file.close()
      })
      .catch(() => {})
  }
}

interface OpenPair {
  readonly file: OpenFile
  readonly segment: OpenedSegment
}

/** Segments that are open, each once, and closed when they are gone and nobody reads them any more. */
export class SegmentSet {
  readonly #files: SegmentFiles
  readonly #handles = new Map<string, Handle>()
  readonly #cache: PageCache

  constructor(files: SegmentFiles, cache: PageCache = new PageCache(mostCachedBytes)) {
    this.#files = files
    this.#cache = cache
  }

  /** Keeps segments from being closed until the function is called that is returned. */
  retain(names: readonly string[]): () => void {
    const handles = new Map<string, Handle>()
    const release = (): void => {
      for (const [name, handle] of handles) {
        handle.uses--
        this.#closeUnused(name, handle)
      }
      handles.clear()
    }
    for (const name of names) {
      const handle = this.#handles.get(name) ?? this.#open(name)
      handle.uses++
      handles.set(name, handle)
    }
    return release
  }

  /** A segment that is retained. @throws `LOGS_STORE_SEGMENT_DAMAGED`, `LOGS_STORE_SEGMENT_VERSION` */
  async get(name: string): Promise<OpenedSegment> {
    const handle = this.#handles.get(name)
    if (handle === undefined) throw storeErrors.LOGS_STORE_CLOSED()
    return handle.segment()
  }

  /** Closes what is none of these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, handle] of this.#handles) {
      if (names.has(name)) continue
      handle.isForgotten = true
      this.#closeUnused(name, handle)
    }
  }

  /** Closes all that nobody reads. */
  async close(): Promise<void> {
    const unused = [...this.#handles.values()].filter(({ uses }) => uses === 0)
    this.keepOnly(new Set())
    await Promise.all(unused.map((handle) => handle.close()))
  }

  #open(name: string): Handle {
    const handle = new Handle(async () => {
      const file = await this.#files.open(name)
      try {
        return { file, segment: await openSegment(file, this.#cache) }
      } catch (error) {
        await file.close()
        throw error
      }
    })
    this.#handles.set(name, handle)
    return handle
  }

  #closeUnused(name: string, handle: Handle): void {
    if (!handle.isForgotten || handle.uses > 0) return
    if (this.#handles.get(name) === handle) this.#handles.delete(name)
    void handle.close()
  }
}
