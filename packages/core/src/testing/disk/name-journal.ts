import type { DiskNode, FolderNode } from './nodes.ts'

/** One name that gets a node, or loses it. */
export interface NameEdit {
  readonly folder: FolderNode
  readonly name: string
  /** Undefined when the name is removed. */
  readonly node: DiskNode | undefined
}

/** Edits that belong together: two for a rename, first the new name, then the old one. */
export interface NameChange {
  /** Its place in the sequence of all changes. */
  readonly order: number
  readonly edits: readonly NameEdit[]
  /** The folder that a renamed node went to, as long as its old name may still be there. */
  readonly into?: FolderNode | undefined
}

/**
 * The changes of names that are not durable yet, in order. A file system may make them durable at any time and out of
 * order, but keeps a few promises that this keeps, too: of a rename at least one name stays, a folder is gone only when
 * everything in it is, and a name inside a folder is of use only when the folder can be reached.
 */
export class NameJournal {
  #pending: NameChange[] = []
  #order = 0

  get pending(): readonly NameChange[] {
    return this.#pending
  }

  /** Makes a change in memory. */
  record(edits: readonly NameEdit[]): void {
    for (const { folder, name, node } of edits) setName(folder.names, name, node)
    this.#pending.push({ order: this.#order++, edits })
  }

  /** Makes the names in a folder durable. */
  sync(folder: FolderNode): void {
    const touching = this.#pending.filter(({ edits }) => edits.some((edit) => edit.folder === folder))
    for (const { order } of touching) {
      // Another promotion may have taken it already.
      const change = this.#pending.find((other) => other.order === order)
      if (change === undefined) continue
      const [added, removed] = change.edits
      if (removed && added!.folder === folder && removed.folder !== folder) this.#splitRename(change, added!, removed)
      else this.#promote(change)
    }
  }

  /** The new name is durable, the old one may still come back. */
  #splitRename(change: NameChange, added: NameEdit, removed: NameEdit): void {
    const rest: NameChange = { order: change.order, edits: [removed], into: added.folder }
    this.#pending = this.#pending.map((other) => (other === change ? rest : other))
    this.#settle(added, change.order)
  }

  /** Makes a whole change durable, and before it what it builds on. */
  #promote(change: NameChange): void {
    this.#pending = this.#pending.filter((other) => other !== change)
    const [added, removed] = change.edits
    if (change.into) this.#makeReachable(change.into)
    else if (removed && removed.folder !== added!.folder) this.#makeReachable(added!.folder)
    for (const edit of change.edits) this.#settle(edit, change.order)
  }

  #makeReachable(folder: FolderNode): void {
    const making = this.#pending.find(({ edits }) => edits.some(({ node }) => node === folder))
    if (making === undefined) return
    this.#promote(making)
    for (const { node, folder: parent } of making.edits) if (node === folder) this.#makeReachable(parent)
  }

  #settle(edit: NameEdit, order: number): void {
    const replaced = edit.folder.durable.get(edit.name)
    // A folder can only be gone when what was in it is.
    if (replaced?.kind === 'folder' && replaced !== edit.node) this.sync(replaced)
    setName(edit.folder.durable, edit.name, edit.node)
    this.#forgetOlder(edit, order)
  }

  /** An earlier change of the same name that is still pending must not come on top of a durable one. */
  #forgetOlder({ folder, name }: NameEdit, order: number): void {
    const isOlder = (other: NameEdit): boolean => other.folder === folder && other.name === name
    this.#pending = this.#pending
      .map((change) =>
        change.order < order && change.edits.some(isOlder)
          ? { ...change, edits: change.edits.filter((other) => !isOlder(other)) }
          : change,
      )
      .filter(({ edits }) => edits.length > 0)
  }
}

/** Gives a name to a node, or takes it away. */
export function setName(names: Map<string, DiskNode>, name: string, node: DiskNode | undefined): void {
  if (node === undefined) names.delete(name)
  else names.set(name, node)
}
