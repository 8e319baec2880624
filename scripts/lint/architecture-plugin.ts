// The architecture as an oxlint plugin: one rule per promise of AGENTS.md that a linter can hold.
import { ambient } from './ambient.ts'
import { heavySdks } from './heavy-sdks.ts'
import { layers } from './layers.ts'
import { siblingImports } from './sibling-imports.ts'

// oxlint-disable-next-line import/no-default-export -- oxlint reads the default export
export default {
  meta: { name: 'architecture' },
  rules: {
    'sibling-imports': siblingImports,
    layers,
    'heavy-sdks': heavySdks,
    ambient,
  },
}
