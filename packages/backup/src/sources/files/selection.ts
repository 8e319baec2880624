import { normalize, resolve } from 'node:path'

/** A folder on the way to what was selected, or what was selected itself. */
export interface Selection {
  /** Where it lies on the disk. */
  path: string
  /** Whether everything below belongs to it. */
  whole: boolean
  readonly children: Map<string, Selection>
}

/**
 * The root of the snapshot's tree for these paths, laid out as restic does: `/srv/data` becomes `srv/data`, `./uploads`
 * becomes `uploads`, and what leads upwards counts for nothing: `../other` becomes `other`, `.` the root itself.
 */
export function selectionOf(paths: readonly string[], folder: string): Selection {
  const root: Selection = { path: folder, whole: false, children: new Map() }
  for (const path of paths) {
    const steps = normalize(path)
      .split('/')
      .filter((step) => step !== '' && step !== '.')
    const names = steps.filter((step) => step !== '..')
    let position = path.startsWith('/') ? '/' : resolve(folder, ...steps.slice(0, steps.length - names.length))
    if (names.length === 0) root.path = position
    let here = root
    for (const name of names) {
      position = resolve(position, name)
      let next = here.children.get(name)
      if (next === undefined) here.children.set(name, (next = { path: position, whole: false, children: new Map() }))
      here = next
    }
    here.whole = true
  }
  return root
}
