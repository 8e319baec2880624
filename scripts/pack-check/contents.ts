import type { TarballFiles } from './tarball.ts'

/** The fields of a packed package.json that the checks read. */
export interface PackedManifest {
  readonly name: string
  readonly version: string
  readonly main?: string
  readonly module?: string
  readonly types?: string
  readonly sideEffects?: unknown
  readonly exports: Readonly<Record<string, ExportTarget>>
  readonly [field: string]: unknown
}

/** A file, or conditions that lead to one. */
export type ExportTarget = string | { readonly [condition: string]: ExportTarget }

const published = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/.+\.(js|cjs|d\.ts|d\.cts)$/,
  /^dist\/.+\.(js|cjs)\.map$/,
  /^src\/.+\.(ts|sql|json)$/,
]
const neverPublished = /\.test\.ts$|(^|\/)(fixtures|__snapshots__)\//
const dependencyFields = ['dependencies', 'peerDependencies', 'optionalDependencies']

/** What is wrong with the files of a tarball, one sentence each. */
export function contentProblems(files: TarballFiles): string[] {
  const manifestBytes = files.get('package.json')
  if (manifestBytes === undefined) return ['package.json is missing']
  const manifest = JSON.parse(manifestBytes.toString('utf8')) as PackedManifest
  return [
    ...missingFiles(manifest, files),
    ...strayFiles(files),
    ...unresolvedRanges(manifest),
    ...conditionProblems(manifest),
    ...(manifest.sideEffects === false ? [] : ['sideEffects is not false']),
  ]
}

function missingFiles(manifest: PackedManifest, files: TarballFiles): string[] {
  const entryFields = [manifest.main, manifest.module, manifest.types].filter((path) => path !== undefined)
  const named = new Set([...exportedFiles(manifest.exports), ...entryFields].map((path) => path.replace(/^\.\//, '')))
  return ['README.md', 'LICENSE', ...named].filter((path) => !files.has(path)).map((path) => `${path} is missing`)
}

/** Every file that `exports` leads to, under whatever conditions. */
export function exportedFiles(target: ExportTarget | PackedManifest['exports']): string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(exportedFiles)
}

function strayFiles(files: TarballFiles): string[] {
  return [...files.keys()]
    .filter((path) => neverPublished.test(path) || !published.some((pattern) => pattern.test(path)))
    .map((path) => `${path} does not belong into the tarball`)
}

function unresolvedRanges(manifest: PackedManifest): string[] {
  return dependencyFields.flatMap((field) =>
    Object.entries((manifest[field] ?? {}) as Readonly<Record<string, string>>)
      .filter(([, range]) => /^(workspace|catalog|link|file):/.test(range))
      .map(([name, range]) => `${field} has "${name}": "${range}", which npm cannot resolve`),
  )
}

const conditionOrder = ['@exprsn/source', 'module-sync', 'import', 'require']

/** `module-sync` before `import` and `require` is what gives both of them one instance of a class. */
function conditionProblems(manifest: PackedManifest): string[] {
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target !== 'string' && String(Object.keys(target)) !== String(conditionOrder))
    .map(([subpath]) => `exports["${subpath}"] must have the conditions ${conditionOrder.join(', ')}, in this order`)
}
