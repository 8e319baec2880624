import { dirname, join, resolve } from 'node:path'
import { visitImports } from './imports.ts'
import { readLayerList } from './layer-list.ts'
import { placeOf } from './place.ts'
import type { Rule, SyntaxNode, Visitor } from './rule.ts'

/** Inside a package, an area imports only areas that stand before it in the package's own list (README, "Inside"). */
export const layers: Rule = {
  create(context) {
    const { packageId, published, area } = placeOf(context.filename, context.cwd)
    if (packageId === undefined || !published || area === undefined) return {}
    const areas = readLayerList(join(context.cwd, 'packages', packageId, 'README.md'))
    if (!areas?.includes(area)) return reportMissing(`packages/${packageId}/README.md`, area, context.report)
    return visitImports(({ specifier, node }) => {
      if (!specifier.startsWith('.')) return
      const to = placeOf(resolve(dirname(context.filename), specifier), context.cwd)
      if (to.packageId !== packageId || to.area === area) return
      if (to.area === undefined)
        return context.report({ node, message: 'An area imports areas, never files of "src".' })
      if (areas.indexOf(to.area) < areas.indexOf(area) && areas.includes(to.area)) return
      const message = `"${area}" may import only areas named before it in packages/${packageId}/README.md, "Inside": "${to.area}" is not.`
      context.report({ node, message })
    })
  },
}

function reportMissing(
  readme: string,
  area: string,
  report: (problem: { readonly node: SyntaxNode; readonly message: string }) => void,
): Visitor {
  const message = `The area "${area}" is missing in the list below "## Inside" in ${readme} (areas joined by →).`
  return { Program: (node: SyntaxNode) => report({ node, message }) }
}
