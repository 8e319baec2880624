import { createHash, type Hash } from 'node:crypto'
import { join } from 'node:path'
import { listPackages, readPackage, root, type WorkspacePackage } from '../lib/packages.ts'

/** A part of the repository that can be checked by itself. */
export interface Area {
  /** A package's id, or `rest`. */
  readonly name: string
  /** What it consists of, below the root. */
  readonly paths: readonly string[]
  /** Changes with everything that a check of it can depend on: its files, those of what it imports, tools, settings, Node. */
  readonly digest: string
}

/** What is known of a package here. */
export interface AreaPackage {
  readonly id: string
  /** Ids of the packages that it may import. */
  readonly imports: readonly string[]
}

const prose = /\.md$|^bench\/results\/|^\.changeset\//

/** The packages, and all the rest, which may import each of them. `files`: path below the root → text. */
export function areasOf(files: ReadonlyMap<string, string>, packages: readonly AreaPackage[]): readonly Area[] {
  const owned = (id: string) => [...files].filter(([path]) => path.startsWith(`packages/${id}/`) && !prose.test(path))
  const others = [...files].filter(([path]) => !path.startsWith('packages/') && !prose.test(path))
  const digestOf = (ids: readonly string[]): string => {
    const hash = createHash('sha256').update(process.version)
    addFiles(hash, others)
    for (const id of ids.toSorted()) addFiles(hash, owned(id))
    return hash.digest('hex')
  }
  const ids = packages.map(({ id }) => id)
  const top = new Set([...files.keys()].map((path) => path.split('/', 1)[0]!).filter((name) => name !== 'packages'))
  return [
    ...packages.map(({ id, imports }) => ({ name: id, paths: [`packages/${id}`], digest: digestOf([id, ...imports]) })),
    { name: 'rest', paths: [...top].toSorted(), digest: digestOf(ids) },
  ]
}

/** The packages of the workspace, with those of the family that each may import, be it through the servers for tests. */
export function areaPackages(): readonly AreaPackage[] {
  const packages = listPackages()
  const members = [...packages, readPackage('testing', join(root, 'testing'))]
  const namedBy = ({ manifest }: WorkspacePackage): readonly WorkspacePackage[] => {
    const named = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies }
    return members.filter(({ name }) => name in named)
  }
  return packages.map((own) => {
    // A set grows while it is walked: what imports import is reached as well.
    const reached = new Set([own])
    for (const member of reached) for (const other of namedBy(member)) reached.add(other)
    return { id: own.id, imports: packages.filter((other) => other !== own && reached.has(other)).map(({ id }) => id) }
  })
}

function addFiles(hash: Hash, files: readonly (readonly [string, string])[]): void {
  for (const [path, text] of files) hash.update(`${path.length} ${text.length} ${path}`).update(text)
}
