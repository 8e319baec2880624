import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listPackages, root, type WorkspacePackage } from '../lib/packages.ts'

/** One text for language models: what the family is, and each package's README with its public entries. */
export function renderLlmsText(): string {
  const readme = join(root, 'README.md')
  const introduction = existsSync(readme) ? [readFileSync(readme, 'utf8').trim()] : ['# Exprsn SDK']
  return `${[...introduction, ...listPackages().map(describePackage)].join('\n\n---\n\n')}\n`
}

function describePackage({ folder, manifest, entryPoints }: WorkspacePackage): string {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8').trim()
  const entries = entryPoints.map(({ specifier }) => `- \`${specifier}\``).join('\n')
  return `${readme}\n\nPublic entries of ${manifest.name}:\n\n${entries}`
}
