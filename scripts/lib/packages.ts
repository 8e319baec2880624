import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root: string = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** The fields of a package.json that scripts read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | ExportConditions>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** One entry of `exports`, in the shape that every package of the family uses. */
export interface ExportConditions {
  readonly '@exprsn/source': string
  readonly 'module-sync': { readonly types: string; readonly default: string }
  readonly import: { readonly types: string; readonly default: string }
  readonly require: { readonly types: string; readonly default: string }
}

/** One public entry of a package: `@exprsn/core/disk` and the source file behind it. */
export interface EntryPoint {
  /** As in `exports`: `.` or `./disk`. */
  readonly subpath: string
  /** What users import: `@exprsn/core/disk`. */
  readonly specifier: string
  /** Absolute path of the source file. */
  readonly source: string
  readonly conditions: ExportConditions
}

/** One published package of the workspace. */
export interface WorkspacePackage {
  /** The folder's name: `core`. */
  readonly id: string
  /** `@exprsn/core`. */
  readonly name: string
  /** Absolute path of its folder. */
  readonly folder: string
  readonly manifest: Manifest
  readonly entryPoints: readonly EntryPoint[]
}

/** The published packages, core first, the others by name. */
export function listPackages(from: string = root): readonly WorkspacePackage[] {
  return readdirSync(join(from, 'packages'))
    .sort((a, b) => Number(b === 'core') - Number(a === 'core') || a.localeCompare(b))
    .map((id) => readPackage(id, join(from, 'packages', id)))
}

/** The package in this folder. */
export function readPackage(id: string, folder: string): WorkspacePackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const entryPoints: EntryPoint[] = []
  for (const [subpath, conditions] of Object.entries(manifest.exports ?? {})) {
    if (typeof conditions === 'string') continue
    const source = join(folder, conditions['@exprsn/source'])
    entryPoints.push({ subpath, specifier: manifest.name + subpath.slice(1), source, conditions })
  }
  return { id, name: manifest.name, folder, manifest, entryPoints }
}

/** Absolute paths of the published source files below `src`, tests left out, sorted. */
export function sourceFiles({ folder }: Pick<WorkspacePackage, 'folder'>): readonly string[] {
  return typeScriptFiles(folder, 'src/**/*.ts').filter((file) => !file.endsWith('.test.ts'))
}

/** Absolute paths of a package's tests, their helpers in `test/` included, sorted. */
export function testFiles({ folder }: Pick<WorkspacePackage, 'folder'>): readonly string[] {
  const scenarios = typeScriptFiles(folder, 'test/**/*.ts')
  return [...typeScriptFiles(folder, 'src/**/*.test.ts'), ...scenarios]
}

function typeScriptFiles(folder: string, pattern: string): readonly string[] {
  return globSync(pattern, { cwd: folder })
    .map((file) => join(folder, file))
    .sort()
}
