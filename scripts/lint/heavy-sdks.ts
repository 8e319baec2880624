import { visitImports } from './imports.ts'
import { placeOf, type Place } from './place.ts'
import type { Rule } from './rule.ts'

const heavy =
  /^(pg|pg-[^/]+|postgres|ioredis|redis|bullmq|stripe|@stripe|@paypal|@aws-sdk|@smithy|@turf|turf|pino|pino-[^/]+|nodemailer|koffi|undici|kysely|drizzle-orm|@prisma|@elastic|@opensearch-project|@opentelemetry|@atproto|node-vault|authorizenet)(\/|$)/

/** Packages that one area is built on, and may therefore import as it likes. */
const homes: Readonly<Record<string, string>> = { undici: 'packages/core/src/client/' }

/** Heavy npm packages are imported in `src/drivers/` alone, their types included, and there on first use. */
export const heavySdks: Rule = {
  create(context) {
    const place = placeOf(context.filename, context.cwd)
    if (!place.published) return {}
    return visitImports(({ specifier, typeOnly, dynamic, node }) => {
      const name = heavy.exec(specifier)?.[1]
      if (name === undefined || isHome(place, name)) return
      if (place.area !== 'drivers')
        context.report({ node, message: `"${specifier}" is imported in src/drivers/ only, its types too.` })
      else if (!dynamic && !typeOnly)
        context.report({ node, message: `Load "${specifier}" on first use: await import('${specifier}').` })
    })
  },
}

function isHome(place: Place, name: string): boolean {
  const home = homes[name]
  return home !== undefined && place.path.startsWith(home)
}
