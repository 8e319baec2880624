/**
 * Fences, routes and traces as plain SVG pictures.
 *
 * @packageDocumentation
 */
export { drawMap, type DrawMapOptions } from './draw-map.ts'
export { pictureErrors } from './errors.ts'
export type { MapFeature, MapGeometry, MapStyle } from './map-feature.ts'
