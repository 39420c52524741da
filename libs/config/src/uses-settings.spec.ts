import { describe, expect, it } from '@jest/globals';
import { forwardRef, Module, type DynamicModule } from '@nestjs/common';
import { defineSettings } from './settings.ts';
import { collectSettings, UsesSettings } from './uses-settings.ts';

const a = defineSettings('a', {});
const b = defineSettings('b', {});
const c = defineSettings('c', {});

@UsesSettings(a)
@Module({})
class ModuleA {}

@UsesSettings(b, a)
@Module({ imports: [ModuleA] })
class ModuleB {}

@UsesSettings(c)
@Module({})
class ModuleC {
  static forRoot(): DynamicModule {
    return { module: ModuleC, imports: [ModuleB] };
  }
}

describe('collectSettings', () => {
  it('finds the groups of a module and of what it imports, each once', () => {
    expect(collectSettings(ModuleB)).toEqual([b, a]);
  });

  it('looks into dynamic modules: their class, its imports and the imports added', () => {
    @Module({ imports: [ModuleC.forRoot()] })
    class Root {}
    expect(new Set(collectSettings(Root))).toEqual(new Set([a, b, c]));
    expect(new Set(collectSettings(ModuleC.forRoot()))).toEqual(new Set([a, b, c]));
  });

  it('follows forward references and survives circles', () => {
    @UsesSettings(a)
    @Module({ imports: [forwardRef(() => Second)] })
    class First {}
    @UsesSettings(b)
    @Module({ imports: [forwardRef(() => First)] })
    class Second {}
    expect(collectSettings(First)).toEqual([a, b]);
  });

  it('does not hand the settings of a module down to its subclasses', () => {
    @Module({})
    class Sub extends ModuleA {}
    expect(collectSettings(Sub)).toEqual([]);
  });

  it('says so when it meets a module that it cannot look into', () => {
    @Module({ imports: [Promise.resolve({ module: ModuleA })] })
    class Root {}
    expect(() => collectSettings(Root)).toThrow('await asynchronous modules');
  });
});
