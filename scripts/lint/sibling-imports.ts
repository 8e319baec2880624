import { dirname, resolve } from 'node:path'
import { visitImports } from './imports.ts'
import { placeOf, type Place } from './place.ts'
import type { Rule } from './rule.ts'

/** Packages import no sibling but core, core imports none, and nobody reaches into another package's files. */
export const siblingImports: Rule = {
  create(context) {
    const from = placeOf(context.filename, context.cwd)
    return visitImports(({ specifier, node }) => {
      const to = specifier.startsWith('.') ? placeOf(resolve(dirname(context.filename), specifier), context.cwd) : null
      const message = to === null ? problemWithName(specifier, from) : problemWithPath(to, from)
      if (message !== undefined) context.report({ node, message })
    })
  },
}

function problemWithPath(to: Place, from: Place): string | undefined {
  if (to.packageId !== undefined && to.packageId !== from.packageId)
    return `Import package "${to.packageId}" by its name: files inside another package are its own business.`
  const leaves = from.packageId !== undefined && to.packageId === undefined && (from.test || from.published)
  return leaves ? `"${to.path}" lies outside the package: published code and its tests do not reach out.` : undefined
}

function problemWithName(specifier: string, from: Place): string | undefined {
  const match = /^@exprsn\/([^/]+)(\/.*)?$/.exec(specifier)
  if (match === null) return undefined
  const [, to = '', subpath = ''] = match
  if (/^\/(src|dist|test)(\/|$)/.test(subpath)) return `"${specifier}" is no public entry of package "${to}".`
  if (from.packageId === undefined) return undefined
  if (to === 'real-servers') return from.test ? undefined : 'Only tests import the launchers of real servers.'
  if (to === from.packageId) return from.test ? undefined : 'Inside a package, import files by their relative path.'
  if (from.packageId === 'core') return `core imports no sibling, but this is package "${to}".`
  if (to !== 'core') return `Packages import no sibling but core, and this is "${to}": what two need belongs in core.`
  const kit = subpath === '/testing' && from.published && from.area !== 'testing'
  return kit ? 'Only src/testing and tests import the verification kit.' : undefined
}
