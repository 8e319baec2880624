import type { Logger } from '@exprsn/core'
import { storeErrors } from '../errors.ts'
import { emptyManifest, type Manifest } from '../files/manifest.ts'
import type { KnownManifest, SegmentFiles } from '../files/segment-files.ts'
import { isTombstone, rebuildManifest } from './rebuild-manifest.ts'

/** What the store consists of, as far as this process knows, and the files that may go because of it. */
export class ManifestKeeper {
  readonly #files: SegmentFiles
  readonly #logger: Logger
  #known: KnownManifest = { manifest: emptyManifest, tag: undefined }
  /** A manifest that may be there or not. */
  #attempted: Manifest | undefined
  /** Files of segments that no manifest names, or not for certain. */
  readonly #leftovers = new Set<string>()

  constructor(files: SegmentFiles, logger: Logger) {
    this.#files = files
    this.#logger = logger
  }

  get manifest(): Manifest {
    return this.#known.manifest
  }

  /** Reads it, for those who do not write. @throws `LOGS_STORE_MANIFEST_DAMAGED` until the writer has made it anew */
  async read(): Promise<Manifest> {
    const { manifest = emptyManifest, tag, damage } = await this.#files.readManifest()
    if (damage !== undefined) throw damage
    this.#known = { manifest, tag }
    return manifest
  }

  /** Reads it for those who do not write and rely on what it says. @throws as {@link read} */
  async readSettled(): Promise<Manifest> {
    const manifest = await this.read()
    await this.#files.settleManifest()
    return manifest
  }

  /** Reads it for the writer, makes it anew where it is damaged or missing, and removes what it does not name. */
  async recover(): Promise<Manifest> {
    const { manifest, tag, damage } = await this.#files.readManifest()
    if (manifest === undefined) await this.#rebuild(tag, damage)
    else {
      // Before anything is removed because of what it says.
      await this.#files.settleManifest()
      this.#known = { manifest, tag }
    }
    this.#attempted = undefined
    this.#leftovers.clear()
    const named = new Set(this.manifest.segments.map(({ name }) => name))
    const unnamed = (await this.#files.list()).filter((name) => !named.has(name)).sort()
    await this.#remove(unnamed.filter((name) => !isTombstone(name)))
    await this.#remove(unnamed.filter(isTombstone))
    return this.manifest
  }

  /**
   * Replaces it. Where that fails, nobody knows which of the two is there: either is right for the files that exist, because
   * no name is used twice and nothing is removed before a later manifest is there for certain. What changes together with it
   * changes in `onCommitted`, so that nobody sees one without the other.
   */
  async commit(next: Manifest, onCommitted: () => void): Promise<void> {
    let { tag } = this.#known
    if (this.#attempted !== undefined) {
      const current = await this.#files.readManifest()
      if (JSON.stringify(current.manifest) === JSON.stringify(this.#attempted)) tag = current.tag
    }
    this.#attempted = next
    this.#known = await this.#files.writeManifest(next, tag)
    this.#attempted = undefined
    onCommitted()
  }

  /** From now on a file may be there that no manifest names. */
  begin(name: string): void {
    this.#leftovers.add(name)
  }

  /** Removes files that were replaced, and what is left of attempts before. Where that fails, it is tried again later. */
  async removeUnneeded(gone: readonly string[]): Promise<void> {
    try {
      await this.#removeLeftovers(gone)
    } catch (error) {
      // After the next change, or by the next opening: the manifest does not name it any more.
      this.#logger.warn({ err: error }, 'A segment that is not needed any more was not removed.')
    }
  }

  /** After it, no file is left that is not needed. @throws where one could not be removed */
  settleRemovals(): Promise<void> {
    return this.#removeLeftovers([])
  }

  /**
   * The oldest first: whatever says that a file is not needed is younger than it, and stays until that is gone for good, also
   * after a power loss.
   */
  async #removeLeftovers(gone: readonly string[]): Promise<void> {
    for (const { name } of this.manifest.segments) this.#leftovers.delete(name)
    const earlier = [...this.#leftovers].sort()
    for (const name of gone) this.#leftovers.add(name)
    for (const name of earlier) if (!isTombstone(name)) await this.#remove([name])
    await this.#remove(gone)
    await this.#remove([...this.#leftovers].filter(isTombstone))
  }

  async #remove(names: readonly string[]): Promise<void> {
    if (names.length === 0) return
    for (const name of names) await this.#files.remove(name)
    await this.#files.settleNames()
    for (const name of names) this.#leftovers.delete(name)
  }

  async #rebuild(tag: string | undefined, damage: Error | undefined): Promise<void> {
    const { manifest, damaged } = await rebuildManifest(this.#files)
    if (damage === undefined && manifest.segments.length + damaged.length === 0) {
      this.#known = { manifest: emptyManifest, tag }
      return
    }
    const found = { segments: manifest.segments.length, damaged }
    if (damage !== undefined) this.#logger.error({ err: damage, ...found }, 'The list of segments is made anew.')
    else {
      // So does a store that died before its first list was there.
      const reason = 'it is missing, though there are segments'
      const err = storeErrors.LOGS_STORE_MANIFEST_DAMAGED({ path: this.#files.path, reason })
      this.#logger.warn({ err, ...found }, 'The list of segments is made anew.')
    }
    for (const name of damaged) await this.#files.setAside(name)
    // Whoever wrote a segment may have died before its name was durable.
    await this.#files.settleNames()
    this.#known = await this.#files.writeManifest(manifest, tag)
  }
}
