export { Cursors, MAX_CURSOR_LENGTH, type PageQuery, type Position } from './cursors.ts';
export { pageInput, pageOutput, type SelectableShape } from './page-schema.ts';
export { Pages, type Page, type PageRequest } from './pages.ts';
export { PaginationModule } from './pagination.module.ts';
export { pickFields, type FieldChoice, type FieldPick } from './pick-fields.ts';
export { paginationSettings } from './settings.ts';
