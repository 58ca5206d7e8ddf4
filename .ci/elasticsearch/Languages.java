package wasl.tests;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

/**
 * What the distribution has in modules that are not published: Lucene's Arabic and French analysers, which the
 * bench compares ours with, and the answer at `/`.
 */
public class Languages extends Plugin implements AnalysisPlugin, ActionPlugin {

  @Override
  public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
    return Map.of(
        "arabic", analyzer(ArabicAnalyzer.getDefaultStopSet(), ArabicAnalyzer::new),
        "french", analyzer(FrenchAnalyzer.getDefaultStopSet(), FrenchAnalyzer::new));
  }

  private static AnalysisProvider<AnalyzerProvider<? extends Analyzer>> analyzer(
      CharArraySet stopWords, BiFunction<CharArraySet, CharArraySet, Analyzer> make) {
    return (index, environment, name, settings) -> {
      Analyzer made =
          make.apply(
              Analysis.parseStopWords(environment, settings, stopWords),
              Analysis.parseStemExclusion(settings, CharArraySet.EMPTY_SET));
      return new AnalyzerProvider<Analyzer>() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public AnalyzerScope scope() {
          return AnalyzerScope.INDEX;
        }

        @Override
        public Analyzer get() {
          return made;
        }
      };
    };
  }

  @Override
  public Collection<RestHandler> getRestHandlers(
      Settings settings,
      NamedWriteableRegistry registry,
      RestController controller,
      ClusterSettings clusterSettings,
      IndexScopedSettings indexSettings,
      SettingsFilter filter,
      IndexNameExpressionResolver names,
      Supplier<DiscoveryNodes> nodes,
      Predicate<NodeFeature> features) {
    return List.of(new Greeting());
  }

  /** `GET /`, which clients ask for the version. */
  private static class Greeting extends BaseRestHandler {
    @Override
    public String getName() {
      return "greeting";
    }

    @Override
    public List<Route> routes() {
      return List.of(
          new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
      String said =
          "{\"name\":\"tests\",\"cluster_name\":\"tests\",\"version\":{\"number\":\""
              + Build.current().version()
              + "\"},\"tagline\":\"You Know, for Search\"}";
      return channel ->
          channel.sendResponse(
              new RestResponse(RestStatus.OK, "application/json", new BytesArray(said)));
    }
  }
}
