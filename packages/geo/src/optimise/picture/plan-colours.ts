import { palette } from '../../picture/palette.ts'

/** How the route at a place in the plan is told apart: colours first, then dashes, so that nothing rests on colour alone. */
export function routeStyle(index: number): { readonly colour: string; readonly dashes: string | undefined } {
  const dashes = [undefined, '8 4', '2 4', '12 3 3 3'][Math.floor(index / palette.length) % 4]
  return { colour: palette[index % palette.length]!, dashes }
}
