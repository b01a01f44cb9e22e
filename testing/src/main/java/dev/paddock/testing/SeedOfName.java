package dev.paddock.testing;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives a property the same random values in each build, so that what is green stays green; {@code -Dproperties=random} gives it
 * others each time, which is how new failures are found. Found by the service loader in every module's tests.
 */
public final class SeedOfName implements AroundPropertyHook {
    private static final boolean RANDOM = "random".equals(System.getProperty("properties"));

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        if (!RANDOM && context.attributes().seed().isEmpty()) {
            context.attributes()
                    .setSeed(String.valueOf((context.containerClass().getName() + context.label()).hashCode()));
        }
        return property.execute();
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
